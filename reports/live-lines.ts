import type { Report } from '../simulator/domain/report.ts';
import { LATE_MS } from '../simulator/domain/workload.ts';
import { saturationLines } from './saturation.ts';
import { counted, plain } from './text.ts';

const SHARES = {
  cgroup: 'the kernel holds functions to their share of the CPU (cgroup)',
  stretch: "functions' work is stretched to their share of the CPU",
  none: '',
} as const;

/** What a reader of a live run has to know first, a sentence each; none of a virtual run. */
export function liveLines({ live }: Pick<Report, 'live'>): string[] {
  if (live === undefined) return [];
  const { machine, scale, aws, driver } = live;
  const worst = driver.reduce((most, one) => Math.max(most, one.p99_ms), 0);
  const loops = driver.flatMap((one) => one.event_loop_p99_ms ?? []);
  const loop = loops.length === 0 ? '' : `; its event loop by ${Math.max(...loops).toFixed(1)} ms at p99`;
  const who = live.sent_by === 'k6' ? 'k6' : 'the driver';
  const [late, unsent, shots] = [
    sum(driver.map((one) => one.late)),
    sum(driver.map((one) => one.unsent ?? 0)),
    sum(driver.map((one) => one.shots)),
  ];
  const planned = live.saturation ? 'pools have the sizes of a load that keeps' : 'the plan keeps';
  const missing = unsent === 0 ? '' : `, ${unsent} never sent`;
  const parts = live.parts.map(({ name, version }) => (version === null ? name : `${name} ${version}`));
  return [
    `latencies and bill are ${live.label}: ${counted(machine.cores, 'core')} of ${machine.cpu}, ${machine.memory_gb} GB, ${machine.system}, Node ${machine.node}`,
    `stack ${live.stack}: ${parts.join(', ') || 'no parts but our own'}`,
    ...(aws
      ? [`AWS answered by ${aws.backend}, functions in ${aws.functions === 'own' ? 'our own runtime' : 'the emulator'}`]
      : []),
    `${planned} ${scale.cores_needed.toFixed(1)} of ${counted(scale.cores, 'core')} busy at ${scale.factor} of the rate that was asked for`,
    ...(SHARES[live.cpu_share] === '' ? [] : [SHARES[live.cpu_share]]),
    ...(driver.length === 0
      ? []
      : [
          `${who} was late by ${worst.toFixed(1)} ms at p99 (${late} of ${counted(shots, 'request')} more than ${LATE_MS} ms${missing})${loop}`,
        ]),
    ...saturationLines(live),
    ...live.notes.map(plain),
  ];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
