import { CPU_PERIOD_MS } from '../../domain/cpu-quota.ts';
import type { Parameter } from '../../domain/sourced.ts';
import { assumed, cite, lognormal } from './cite.ts';
import { firstCallOf, initOf } from './cold-start.ts';

const LAMBDA = cite('AWS Lambda developer guide; github aws/agent-toolkit-for-aws@d6ad2e4', '2026-08-20');
const STELLAR = cite('STeLLAR, IISWC 2021, warm invocations on AWS without the round trip', '2021');
const THROTTLING = cite('github pwrdrvr/lambda-dispatch#246, observed on AWS Lambda', '2024-12');
const EXPIRY = cite('github mikhailshilkov/mikhailio-hugo@32ff980, share of cold starts by idle minutes', '2021-01');

/** CPU ms that replace one GPU ms, wherever GPU work runs without a GPU. */
export const CPU_PER_GPU: Parameter = assumed(12, 'CPU ms per GPU ms', {
  range: [5, 60],
  because:
    'video 105 fps on a T4 against 9.3 fps a Graviton3 vCPU = 11 (vantage-sh/ec2instances.info 2025-12); ' +
    'image models 58 x on an L4 that is 4.4 T4 = 13 (arXiv 2604.14552)',
});

/** Log volume of one call. */
export const LOG_KB: Parameter = assumed(0.5, 'KB', {
  range: [0.1, 10],
  because: 'platform lines plus a line or two of the program',
});

const GRAVITON2_SHARE = 39.2 / 51.7;

/** Speed of a whole function vCPU against the reference vCPU (Graviton3, m7g). */
export const FUNCTION_SPEED: Record<string, Parameter> = {
  arm64: assumed(round(GRAVITON2_SHARE), 'x reference vCPU', {
    range: [0.6, 1],
    because: 'Graviton2 against Graviton3 by CoreMark, t4g 39.2 k to m7g 51.7 k (vantage-sh/ec2instances.info 2025-12)',
  }),
  x86_64: assumed(round((GRAVITON2_SHARE * 1260) / 1384), 'x reference vCPU', {
    range: [0.5, 1],
    because:
      'the arm64 figure times 1,260 / 1,384 ms, one CPU-bound run at 2,048 MB (github cebert/aws-lambda-performance-benchmarks)',
  }),
};

/** Functions as a service, after AWS Lambda: one call an instance. */
export const FUNCTION: Record<string, Parameter> = {
  memory_mb: assumed(1_769, 'MB', { range: [128, 10_240], because: 'stands where neither placement nor sizing decides' }),
  full_vcpu_mb: LAMBDA.documented(1_769, 'MB', 'memory that comes with one whole vCPU; the share is linear below'),
  cpu_period_ms: {
    ...THROTTLING.measured(CPU_PERIOD_MS, 'ms', 'more than its share of 20 ms of wall time and it pauses until they are over'),
    range: [0, 100],
  },
  cpu_overrun_ms: assumed(2, 'ms', {
    range: [0, 5],
    because:
      'half a tick of 4 ms, the kernel sees then that a quota is used up (Linux 6.18 with CONFIG_HZ=250, measured with bursts of 8 to ' +
      '60 ms, 2026-11-30); AWS does not say',
  }),
  speed: FUNCTION_SPEED.arm64 as Parameter,
  invoke_ms: STELLAR.measured(lognormal(16, 70), 'ms', 'median 18, p99 74 ms, less the front door'),
  init_ms: initOf('nodejs22', 'arm64'),
  init_ms_per_mb: assumed(20, 'ms/MB', {
    range: [6, 103],
    because:
      'weight of the package on init: 103 ms/MB for JavaScript (mikhailio-hugo 2021), 6-11 ms/MB for images (STeLLAR 2021), ' +
      'and 334-349 ms of init with the AWS SDK against 130 ms without in 2025 (cebert)',
  }),
  first_call_ms: firstCallOf('nodejs22', 1_769),
  first_call_factor: assumed(1, 'x', {
    range: [1, 3],
    because: 'the first call is slower by first_call_ms only; programs differ',
  }),
  idle_expiry_s: {
    ...EXPIRY.measured(
      { kind: 'uniform', min: 300, max: 420 },
      's',
      'the policy changes without notice; no later figure is known',
    ),
    range: [300, 900],
  },
  timeout_s: LAMBDA.documented(900, 's', 'the maximum; 30 s where an operation waits, since the front door gives up then'),
  scaling_burst: LAMBDA.documented(1_000, 'instance', 'new instances of one function at once'),
  scaling_per_s: LAMBDA.documented(100, 'instance/s', '1,000 every 10 s, refilled continuously'),
  provisioned: LAMBDA.documented(0, 'instance', 'none unless the placement asks for it'),
  reserved: LAMBDA.documented(-1, 'instance', 'no reserved concurrency unless the placement asks for it'),
  log_kb: LOG_KB,
  cpu_per_gpu: CPU_PER_GPU,
};

function round(x: number): number {
  return Math.round(x * 100) / 100;
}
