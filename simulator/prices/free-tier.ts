import type { Sourced } from '../domain/sourced.ts';
import { DATA } from './data.ts';
import { FUNCTIONS } from './functions.ts';
import { NETWORK } from './network.ts';
import type { Price } from './price.ts';

/** An amount that the source of an item's price gives beside it. */
function beside(price: Price | undefined, value: number, unit: string): Sourced {
  if (price === undefined) throw new RangeError(`no price stands beside ${value} ${unit}`);
  return { value, unit, source: price.source, date: price.date, kind: price.kind };
}

/** What an account has free every month, by item; applied once to the month, never to a run. */
export const FREE_TIER: Readonly<Record<string, Sourced>> = {
  'function-requests': beside(FUNCTIONS['function-requests'], 1_000_000, 'request a month'),
  'function-gb-s': beside(FUNCTIONS['function-gb-s:arm64'], 400_000, 'GB-second a month'),
  'sqs-requests': beside(DATA['sqs-requests'], 1_000_000, 'request a month'),
  'edge-gb': beside(NETWORK['edge-gb'], 1_000, 'GB a month'),
  'edge-requests': beside(NETWORK['edge-requests'], 10_000_000, 'request a month'),
  'dynamodb-gb-months': beside(DATA['dynamodb-gb-months'], 25, 'GB-month'),
};
