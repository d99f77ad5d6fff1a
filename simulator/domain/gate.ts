import type { Change } from './comparison.ts';

/**
 * How a measure stands to the baseline.
 *
 * `same`: the difference is below the tolerance. `unclear`: it is above, but may be noise. `unknown`: too few samples on one side.
 */
export type GateStanding = 'better' | 'worse' | 'same' | 'unclear' | 'unknown';

/** One measure of one row, before and now, in base units (ms, shares, dollars, operations a second, minutes). */
export interface GateMeasure {
  row: string;
  measure: string;
  before: number | null;
  now: number | null;
  /** now - before: of means over seeds, or as the live comparison estimates it. */
  difference: number | null;
  ci95: [number, number] | null;
  /** How large a difference has to be before anybody should act on it. */
  tolerance: number | null;
  /** The smallest worsening that this run would have found nearly always; only where there is noise. */
  detectable?: number | null;
  standing: GateStanding;
}

/** A check that must hold: cases a run on both sides. */
export interface GateCheck {
  row: string;
  check: string;
  before: number | null;
  now: number;
  holds: boolean;
  standing: 'better' | 'worse' | 'same';
  examples: string[];
}

/** A line of the scenario, or of the command line (then it must be met); `limit` and `value` in the line's unit. */
export interface GateLine {
  row: string;
  text: string;
  of: 'scenario' | 'command line';
  met: boolean | null;
  before: boolean | null;
  value: number | null;
  limit: number | null;
  unit: string;
  /** Whether this line alone fails the gate, and if so why. */
  standing: 'better' | 'worse' | 'same' | 'unknown';
}

/** What went in differently: why something came out differently. */
export interface GateChange extends Change {
  of: 'conditions' | 'scenario' | 'prices' | 'parameters' | 'placements';
}

/** Everything that a gate found. Exit code: 0 passed, 1 failed, 4 unclear. */
export interface GateReport {
  schema: 'gate@1';
  scenario: string;
  world: 'virtual' | 'live';
  version: string;
  against: { kind: 'baseline' | 'git ref'; name: string; version: string };
  outcome: 'passed' | 'failed' | 'unclear';
  /** One sentence a reason; of a gate that passed, what it rests on. */
  because: string[];
  changes: GateChange[];
  rows: { both: string[]; only_before: string[]; only_now: string[] };
  measures: GateMeasure[];
  checks: GateCheck[];
  lines: GateLine[];
  /** Said about how this was measured, such as that a baseline file says nothing about real time. */
  notes: string[];
}

/** 1 where more is worse, -1 where less is: a gate that looks at latency alone passes a server that answers half the requests. */
export function worseDirection(measure: string): 1 | -1 {
  return measure === 'throughput' ? -1 : 1;
}

/**
 * Whether an unclear measure may be worse: it lies on the worse side. Where noise keeps a worsening that matters from being seen
 * (`detectable`), no side says anything.
 */
export function mayBeWorse({ measure, difference, detectable }: GateMeasure): boolean {
  return detectable !== undefined || difference === null || difference * worseDirection(measure) > 0;
}
