import type { Sourced } from '../domain/sourced.ts';

const PRICE_LIST = {
  source: 'AWS Lambda price table of the Price List API, and the free tier notes beside it',
  date: '2026-09-28',
  kind: 'documented',
} as const;

/** What an account has free every month, by item; applied once to the month, never to a run. */
export const FREE_TIER: Readonly<Record<string, Sourced>> = {
  'function-requests': { value: 1_000_000, unit: 'request a month', ...PRICE_LIST },
  'function-gb-s': { value: 400_000, unit: 'GB-second a month', ...PRICE_LIST },
  'sqs-requests': { value: 1_000_000, unit: 'request a month', ...PRICE_LIST },
  'edge-gb': { value: 1_000, unit: 'GB a month', ...PRICE_LIST },
  'edge-requests': { value: 10_000_000, unit: 'request a month', ...PRICE_LIST },
  'dynamodb-gb-months': { value: 25, unit: 'GB-month', ...PRICE_LIST },
};
