import type { Parameter } from '../../domain/sourced.ts';
import { assumed, cite, lognormal } from './cite.ts';

const API_GATEWAY = cite('AWS API Gateway developer guide, quotas (awsdocs api-gateway@781597d)', '2023-04');

/** The front door of the system, and the network between its parts. Defaults are those of an HTTP API. */
export const GATEWAY: Record<string, Parameter> = {
  client_ms: assumed(lognormal(12, 60), 'ms', {
    range: [5, 150],
    because: 'one way; mikhail.io 2019 reports 20-30 ms for the round trip of a small S3 read over the public internet',
  }),
  added_ms: assumed(lognormal(1.5, 10), 'ms', {
    range: [1, 30],
    because: 'HTTP API 1-2 ms by smplogs.com, secondary and without percentiles; the tail is a guess',
  }),
  cpu_ms: assumed(0, 'ms', {
    range: [0, 2],
    because:
      'work of each request on the one thread that a self-made door has, where requests queue; a managed door scales, so none unless it is measured',
  }),
  hop_ms: assumed(lognormal(0.5, 2), 'ms', { range: [0.1, 5], because: 'one way between two parts of one region; not measured' }),
  rate_limit_per_s: API_GATEWAY.documented(10_000, 'request/s', 'account and region'),
  burst: API_GATEWAY.documented(5_000, 'request', 'token bucket'),
  payload_limit_kb: API_GATEWAY.documented(10_240, 'KB'),
  timeout_ms: API_GATEWAY.documented(30_000, 'ms', 'HTTP API, hard limit'),
  retry_base_ms: assumed(100, 'ms', {
    range: [25, 1_000],
    because: 'base of client back-off with full jitter; a common SDK choice',
  }),
  retry_cap_ms: assumed(20_000, 'ms', { range: [1_000, 60_000], because: 'cap of client back-off; a common SDK choice' }),
  cross_zone_share: assumed(2 / 3, 'share', { range: [0, 1], because: 'calls between parts spread over three zones at random' }),
  nat_gateways: assumed(0, 'gateway', {
    range: [0, 3],
    because: 'one where machines run in private subnets, none for functions alone',
  }),
  nat_kb: assumed(4, 'KB', { range: [0.5, 100], because: 'through NAT for each call that waits on a third party' }),
};

/** Machines in private subnets reach third parties through one NAT gateway. */
export const ONE_NAT: Parameter = assumed(1, 'gateway', {
  range: [1, 3],
  because: 'machines run in private subnets; one gateway, not one per zone',
});

const NO_LIMIT = 1_000_000_000;

/** What differs when the front door is an Application Load Balancer. */
export const LOAD_BALANCER: Record<string, Parameter> = {
  added_ms: assumed(lognormal(1, 5), 'ms', { range: [0.3, 10], because: 'no figure for an ALB is known' }),
  rate_limit_per_s: assumed(NO_LIMIT, 'request/s', {
    range: [100_000, NO_LIMIT],
    because: 'an ALB has no request quota; it scales',
  }),
  burst: assumed(NO_LIMIT, 'request', { range: [100_000, NO_LIMIT], because: 'an ALB has no request quota; it scales' }),
  payload_limit_kb: assumed(NO_LIMIT, 'KB', {
    range: [1_024, NO_LIMIT],
    because: 'no limit towards servers; 1 MB towards functions',
  }),
  timeout_ms: assumed(60_000, 'ms', { range: [1_000, 4_000_000], because: 'idle timeout of an ALB, commonly left at 60 s' }),
};
