import type { Sourced } from '../domain/sourced.ts';

/**
 * One price of the book: USD for one unit, us-east-1.
 *
 * `tiers` are [up to this quantity a month, price of a unit in that band]; null has no upper end. `value` is the price of the first paid band.
 */
export interface Price extends Sourced {
  readonly confidence: 'high' | 'medium' | 'low';
  readonly tiers?: readonly (readonly [number | null, number])[];
}
