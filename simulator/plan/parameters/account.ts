import type { Parameter } from '../../domain/sourced.ts';
import { cite } from './cite.ts';

const LAMBDA = cite('AWS Lambda developer guide, quotas; github aws/agent-toolkit-for-aws@d6ad2e4', '2026-08-20');

/** What all functions of the account share. */
export const ACCOUNT: Record<string, Parameter> = {
  concurrency: LAMBDA.documented(1_000, 'instance', 'default, can be raised on request'),
  rate_per_concurrency: LAMBDA.documented(10, 'request/s', 'request rate quota is ten times the concurrency'),
};
