import { nearest } from '../domain/nearest.ts';
import { DATA } from './data.ts';
import { FUNCTIONS } from './functions.ts';
import { BROKERS, MACHINES, POSTGRES } from './machines.ts';
import { NETWORK } from './network.ts';
import type { Price } from './price.ts';

export { FREE_TIER } from './free-tier.ts';
export type { Price } from './price.ts';

/** Every price by the item that worlds meter. */
export const PRICES: Readonly<Record<string, Price>> = {
  ...FUNCTIONS,
  ...NETWORK,
  ...DATA,
  ...MACHINES,
  ...POSTGRES,
  ...BROKERS,
};

/**
 * The price of one unit of `item`.
 *
 * Throws: RangeError for an item without a price, with the nearest that has one: a world has metered what nobody prices.
 */
export function priceOf(item: string): Price {
  const price = PRICES[item];
  if (price !== undefined) return price;
  const close = nearest(item, Object.keys(PRICES));
  throw new RangeError(`no price for ${item} in us-east-1${close ? `; the nearest is ${close}` : ''}`);
}

/** USD for `quantity` units in one month, with volume bands. */
export function tieredUsd(price: Price, quantity: number): number {
  if (price.tiers === undefined) return quantity * price.value;
  let from = 0;
  let usd = 0;
  for (const [upTo, each] of price.tiers) {
    const until = Math.min(quantity, upTo ?? Number.POSITIVE_INFINITY);
    if (until > from) usd += (until - from) * each;
    from = Math.max(from, until);
  }
  return usd;
}
