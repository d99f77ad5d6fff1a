import type { Distribution } from './distribution.ts';

/** How a number came to be known. `assumed` means that no evidence bounds it better than its range. */
export type EvidenceKind = 'measured' | 'documented' | 'assumed';

/**
 * A number from outside the program, with where it comes from.
 *
 * `date` is ISO (`2026-09-28`, `2026-08`); `range` is the span in which an assumed value may lie.
 */
export interface Sourced<T = number> {
  readonly value: T;
  readonly unit: string;
  readonly source: string;
  readonly date: string;
  readonly kind: EvidenceKind;
  readonly range?: readonly [number, number];
}

/** A parameter of a part: a number or a law, with its source. */
export type Parameter = Sourced<Distribution>;
