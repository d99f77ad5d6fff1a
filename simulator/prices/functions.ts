import type { Price } from './price.ts';

/** Functions: requests, GB-seconds with their monthly volume tiers, provisioned concurrency. us-east-1, USD. */
export const FUNCTIONS: Readonly<Record<string, Price>> = {
  'function-requests': {
    value: 2e-7,
    unit: 'USD per request',
    source:
      "github file id 70127284793 'AWS Lambda (functions) — pricing regimes' (Price List API AWSLambda pub. 2026-09-19; AWSComputeSavingsPlan 2026-09-25)",
    date: '2026-09-28',
    kind: 'documented',
    confidence: 'high',
  },
  'function-gb-s:x86_64': {
    value: 1.66667e-5,
    unit: 'USD per GB-second',
    source:
      "github file id 70127284793 'AWS Lambda (functions) — pricing regimes' (Price List API AWSLambda pub. 2026-09-19; AWSComputeSavingsPlan 2026-09-25)",
    date: '2026-09-28',
    kind: 'documented',
    confidence: 'high',
    tiers: [
      [6000000000, 1.66667e-5],
      [15000000000, 1.5e-5],
      [null, 1.33334e-5],
    ],
  },
  'function-gb-s:arm64': {
    value: 1.33334e-5,
    unit: 'USD per GB-second',
    source:
      "github file id 70127284793 'AWS Lambda (functions) — pricing regimes' (Price List API AWSLambda pub. 2026-09-19; AWSComputeSavingsPlan 2026-09-25)",
    date: '2026-09-28',
    kind: 'documented',
    confidence: 'high',
    tiers: [
      [7500000000, 1.33334e-5],
      [18750000000, 1.20001e-5],
      [null, 1.06667e-5],
    ],
  },
  'function-provisioned-gb-s:x86_64': {
    value: 4.1667e-6,
    unit: 'USD per GB-second',
    source:
      "github file id 70127284793 'AWS Lambda (functions) — pricing regimes' (Price List API AWSLambda pub. 2026-09-19; AWSComputeSavingsPlan 2026-09-25)",
    date: '2026-09-28',
    kind: 'documented',
    confidence: 'high',
  },
  'function-provisioned-gb-s:arm64': {
    value: 3.3334e-6,
    unit: 'USD per GB-second',
    source:
      "github file id 70127284793 'AWS Lambda (functions) — pricing regimes' (Price List API AWSLambda pub. 2026-09-19; AWSComputeSavingsPlan 2026-09-25)",
    date: '2026-09-28',
    kind: 'documented',
    confidence: 'high',
  },
  'function-provisioned-duration-gb-s:x86_64': {
    value: 9.7222e-6,
    unit: 'USD per GB-second',
    source:
      "github file id 70127284793 'AWS Lambda (functions) — pricing regimes' (Price List API AWSLambda pub. 2026-09-19; AWSComputeSavingsPlan 2026-09-25)",
    date: '2026-09-28',
    kind: 'documented',
    confidence: 'high',
  },
  'function-provisioned-duration-gb-s:arm64': {
    value: 7.7778e-6,
    unit: 'USD per GB-second',
    source:
      "github file id 70127284793 'AWS Lambda (functions) — pricing regimes' (Price List API AWSLambda pub. 2026-09-19; AWSComputeSavingsPlan 2026-09-25)",
    date: '2026-09-28',
    kind: 'documented',
    confidence: 'high',
  },
};
