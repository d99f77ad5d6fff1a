import { quantile } from '../domain/distribution.ts';
import type { SensitivityRow } from '../domain/sensitivity.ts';
import { counted, listed, plain } from './words.ts';

export interface Findings {
  seeds: readonly number[];
  verdict: string | null;
  strategy: string;
  chosen: string | null;
  /** What overturns the choice first. */
  rows: readonly SensitivityRow[];
}

const TOLD = 4;

/** What the verdict rests on, what would overturn it, and what would not matter, in sentences. */
export function restsOn(o: Findings): string {
  const varied = new Set(o.rows.map((row) => row.name));
  if (varied.size === 0) return 'Nothing was varied: the scenario has no demand, and no plan an assumed number.';
  const idle = [...varied].filter((name) => !o.rows.some((row) => row.name === name && row.matters));
  return [...seedsDiffer(o), overturned(o, varied.size), ...strongest(o), ...harmless(idle, varied.size)].join(' ');
}

/** Few seeds may choose otherwise than all of them, or where the verdict wants more samples; then the study is about another strategy. */
function seedsDiffer({ seeds, verdict, chosen }: Findings): string[] {
  if (verdict === chosen) return [];
  const alone = `With ${counted(seeds.length, 'seed')} alone`;
  if (chosen === null) return [`${alone} no strategy meets everything.`];
  if (verdict === null) return [`${alone}, ${chosen} is not known to miss anything, and is taken for the choice here.`];
  return [`${alone} the choice is ${chosen}, not ${verdict}; what follows is about ${chosen}.`];
}

function overturned({ rows, chosen, strategy }: Findings, varied: number): string {
  const turning = rows.filter((row) => row.chosen !== chosen);
  const each = `${counted(varied, 'number')} halved and doubled one at a time`;
  if (turning.length === 0 && chosen === null)
    return `No strategy comes to meet everything by any of ${each}; ${strategy} is studied.`;
  if (turning.length === 0) return `The choice of ${chosen} stands whichever of ${each}.`;
  const told = turning.slice(0, TOLD).map((row) => `if ${changeOf(row)}: then ${row.chosen ?? 'none meets everything'}`);
  const more = turning.length > TOLD ? `; and by ${turning.length - TOLD} more` : '';
  const verb = chosen === null ? 'Somebody would meet everything' : 'Overturned';
  return `${verb} ${told.join('; ')}${more}. No other of ${each} changes the choice.`;
}

/** What moves the figures most without changing the choice. */
function strongest({ rows, chosen, strategy }: Findings): string[] {
  const names = [...new Set(rows.filter((row) => row.chosen === chosen && row.matters).map((row) => row.name))];
  return names.length === 0 ? [] : [`What ${strategy} costs and how fast it is rests most on ${listed(names.slice(0, 3))}.`];
}

function harmless(idle: readonly string[], varied: number): string[] {
  if (idle.length === 0) return [];
  return [
    `${idle.length} of the ${varied} do not matter: none moves its cost, p95 or p99 by 1 % or more, or a line that it meets.`,
  ];
}

/** `recommend's gpu_ms doubles`; `function.speed goes to 1, the end of its range`. */
function changeOf({ name: given, what, direction, to, cut }: SensitivityRow): string {
  const name = what === 'demand' ? given.replace(' ', "'s ") : given;
  if (direction === 'switched') return `${name} is switched ${to === 0 ? 'off' : 'on'}`;
  if (cut)
    return `${name} goes to ${typeof to === 'number' ? '' : 'a median of '}${plain(quantile(to, 0.5))}, the end of its range`;
  return `${name} ${direction === 'halved' ? 'halves' : 'doubles'}`;
}
