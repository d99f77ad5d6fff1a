import { arch, availableParallelism, cpus, release, totalmem, type } from 'node:os';
import type { LiveReport } from '../../domain/live-report.ts';
import type { AwsAddress } from './contract.ts';
import { NOWHERE } from './stacks/aws/address.ts';
import { lookAtMachine, packageVersion } from './stacks/machine.ts';
import type { Stack } from './stacks/stack.ts';

/** Packages that stand for AWS in the embedded backend. */
const EMULATORS = ['fauxqs', 'dynalite'];

/** What a reader of a live run has to know: the machine, the parts, how the load was scaled, and how late the driver was. */
export async function toldOf(
  stack: Stack,
  o: Pick<LiveReport, 'scale' | 'driver' | 'saturation' | 'sent_by' | 'notes' | 'away'>,
): Promise<LiveReport> {
  const { aws } = stack.addresses;
  return {
    label: 'durations of this machine',
    stack: stack.name,
    machine: {
      node: process.version,
      system: `${type()} ${release()} ${arch()}`,
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: availableParallelism(),
      memory_gb: Math.round(totalmem() / 1e8) / 10,
    },
    parts: await partsOf(stack),
    ...(aws ? { aws: { backend: aws.backend, functions: aws.functions } } : {}),
    scale: o.scale,
    cpu_share: aws?.cpu_share ?? (aws?.functions === 'emulator' ? 'stretch' : 'none'),
    ...(o.sent_by ? { sent_by: o.sent_by } : {}),
    driver: o.driver,
    ...(o.away?.length ? { away: o.away } : {}),
    ...(o.saturation ? { saturation: o.saturation } : {}),
    notes: [...notesOf(stack, o), ...o.notes],
  };
}

async function partsOf({ name, addresses }: Stack): Promise<LiveReport['parts']> {
  // Containers have versions of their own, which their images' names say.
  const found = new Map(name === 'compose' ? [] : (await lookAtMachine()).map((part) => [part.name, part.found] as const));
  const { postgres, rabbitmq, aws } = addresses;
  return [
    ...(postgres ? [{ name: 'PostgreSQL', version: found.get('PostgreSQL') ?? null }] : []),
    ...(rabbitmq ? [{ name: 'RabbitMQ', version: found.get('rabbitmq-server') ?? null }] : []),
    ...(aws?.backend === 'embedded' ? EMULATORS.map((name) => ({ name, version: packageVersion(name) ?? null })) : []),
    ...(aws?.backend === 'ministack' ? [{ name: 'MiniStack', version: null }] : []),
    ...(aws?.backend === 'url' ? [{ name: `AWS endpoint ${hostOf(aws.endpoints)}`, version: null }] : []),
  ];
}

/** Where the first service is that the run used. */
function hostOf(endpoints: AwsAddress['endpoints']): string {
  return new URL(Object.values(endpoints).find((url) => url !== NOWHERE) ?? NOWHERE).host;
}

function notesOf({ addresses: { aws } }: Stack, { scale, saturation }: Pick<LiveReport, 'scale' | 'saturation'>): string[] {
  const { factor } = scale;
  return [
    ...(factor < 1 && saturation === undefined
      ? [`the load is ${factor} of what was asked for, so that this machine keeps 40 % of its cores free`]
      : []),
    ...(aws?.functions === 'emulator'
      ? [
          'functions ran unlimited in the emulator, which holds them to no memory and no share of the CPU, in environments that were started before the run; it counts neither cold starts nor GB-seconds, so their share of the bill is missing, and its latencies are not those of Lambda',
        ]
      : []),
    ...(aws?.cpu_share === 'stretch'
      ? ['nothing holds functions to their share of the CPU, so the burn pauses as it would under a quota']
      : []),
  ];
}
