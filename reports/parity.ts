import picocolors from 'picocolors';
import type { Parity, ParityQuantile, ParityRow } from '../simulator/domain/parity.ts';
import { NONE } from './figures.ts';
import { grid } from './grid.ts';
import { counted, plain } from './text.ts';

const HEAD = ['operation', '', 'live', 'virtual', 'error', '95 % interval', 'aim', 'samples'];

/** Both worlds side by side, for a terminal. */
export function parityText(parity: Parity, o: { colour: boolean }): string {
  const colours = picocolors.createColors(o.colour);
  const body = grid({
    head: HEAD,
    isText: [true, true, false, false, false, false, false, false],
    rows: rowsOf(parity),
    colours,
  });
  return `${[colours.bold(headOf(parity)), ...aboutOf(parity), '', body, '', colours.bold(verdictOf(parity))].join('\n')}\n`;
}

/** The same for a pull request. */
export function parityMarkdown(parity: Parity): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const table = [line(HEAD), line(['---', '---', '---:', '---:', '---:', '---:', '---:', '---:']), ...rowsOf(parity).map(line)];
  return `${[`## ${headOf(parity)}`, '', `**${verdictOf(parity)}**`, '', ...table, '', ...aboutOf(parity).map((text) => `- ${text}`)].join('\n')}\n`;
}

function headOf({ scenario, strategy }: Parity): string {
  return `${plain(scenario)} under ${plain(strategy)}: the virtual world against real parts`;
}

function aboutOf({ blocks, calibration, conditions, machine, rate, settings }: Parity): string[] {
  const { busy, lateness_p99_ms, drift_max } = conditions;
  const when = calibration.blocks === undefined ? '' : ` in ${counted(calibration.blocks, 'block')} between them`;
  return [
    `${counted(blocks.kept, 'block')} of ${blocks.seconds} s at x${rate}; ${blocks.lost} more were lost to noise. Not calibrated: ${settings.join(', ')}`,
    `calibrated ${calibration.taken_at.slice(0, 10)} at x${calibration.rate}${when}, ${counted(calibration.values, 'number')}; ${plain(machine.cpu)}, ${machine.cores} cores, ${percent(busy, 0)} busy`,
    `the driver was at most ${lateness_p99_ms.toFixed(2)} ms late at the p99 of a block; the reference burn drifted by at most ${percent(drift_max, 1)}`,
  ];
}

function rowsOf({ operations }: Parity): string[][] {
  return operations.flatMap((row) => row.quantiles.map((quantile, i) => cellsOf(row, quantile, i === 0)));
}

function cellsOf({ name, samples }: ParityRow, o: ParityQuantile, isFirst: boolean): string[] {
  const [low, high] = o.interval ?? [];
  return [
    isFirst ? plain(name) : '',
    `p${Number((o.q * 100).toPrecision(4))}`,
    milliseconds(o.live_ms),
    milliseconds(o.virtual_ms),
    o.error === null ? NONE : `${signed(o.error)}${o.met === false ? ' !' : ''}`,
    low === undefined || high === undefined ? NONE : `${signed(low)} to ${signed(high)}`,
    `±${percent(o.aim, 0)}`,
    isFirst ? samples.live.toLocaleString('en-US') : '',
  ];
}

function verdictOf({ operations, verdict }: Parity): string {
  const worst = operations
    .flatMap((row) => row.quantiles.map((quantile) => ({ row, quantile })))
    .filter(({ quantile }) => quantile.error !== null)
    .sort((a, b) => beyond(b.quantile) - beyond(a.quantile))[0];
  const text = `${verdict[0]?.toUpperCase()}${verdict.slice(1)}`;
  if (worst === undefined) return `${text}: too few samples.`;
  const { row, quantile } = worst;
  const q = Number((quantile.q * 100).toPrecision(4));
  return `${text}; furthest off is p${q} of ${plain(row.name)}, by ${signed(quantile.error as number)}.`;
}

function beyond({ error, aim }: ParityQuantile): number {
  return Math.abs(error ?? 0) / aim;
}

function milliseconds(ms: number | null): string {
  return ms === null ? NONE : `${ms.toFixed(ms < 10 ? 2 : 1)} ms`;
}

function percent(share: number, digits: number): string {
  return `${(share * 100).toFixed(digits)} %`;
}

function signed(share: number): string {
  return `${share >= 0 ? '+' : '−'}${percent(Math.abs(share), 1)}`;
}
