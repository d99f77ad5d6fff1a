/** What tells a change of level from noise: how large errors usually are, and what has added up on either side since there was none. */
export interface Change {
  /** Mean of the errors, and of their distance from it. */
  mean: number;
  usual: number;
  seen: number;
  above: number;
  below: number;
}

/** Of the usual error, what the newest one counts. */
const RATE = 0.02;
/** Errors before anything is told. */
const ENOUGH = 50;
/** In usual errors: what one may be off without adding up, what one counts at most, and how much has to add up. */
const ALLOWED = 1;
const LARGEST = 4;
const LIMIT = 12;

export function noChange(): Change {
  return { mean: 0, usual: 0, seen: 0, above: 0, below: 0 };
}

/**
 * Takes the next error of a forecast, and says whether by now they lie on one side beyond chance; then it begins anew.
 *
 * Source: Page, Continuous inspection schemes, Biometrika 41 (1954): two one-sided cumulative sums. Errors are counted in their own mean
 * absolute size and bounded, so that a single burst is no change. Allowance and limit are assumed.
 */
export function isChanged(state: Change, error: number): boolean {
  const far = state.usual > 0 ? Math.max(-LARGEST, Math.min(LARGEST, (error - state.mean) / state.usual)) : 0;
  state.seen++;
  const rate = Math.max(RATE, 1 / state.seen);
  const taken = state.seen > ENOUGH ? far * state.usual : error - state.mean;
  state.mean += rate * taken;
  state.usual += rate * (Math.abs(taken) - state.usual);
  if (state.seen <= ENOUGH) return false;
  state.above = Math.max(0, state.above + far - ALLOWED);
  state.below = Math.max(0, state.below - far - ALLOWED);
  if (Math.max(state.above, state.below) < LIMIT) return false;
  state.above = 0;
  state.below = 0;
  return true;
}
