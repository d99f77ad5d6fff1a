import type { Parameter } from '../../domain/sourced.ts';
import { assumed, cite, lognormal } from './cite.ts';
import { LOG_KB } from './function.ts';
import { SPOT } from './spot.ts';

const NVIDIA = cite('github NVIDIA/DeepLearningExamples, ResNet-50 v1.5 AMP on a T4', '2024-04');

const TRITON = cite('docs.nvidia.com/deeplearning/triton-inference-server/user-guide/docs/batcher.html', '2026-11');

/** Speed by GPU model, against the reference GPU (NVIDIA T4). */
export const GPU_SPEED: Record<string, Parameter> = {
  T4: NVIDIA.measured(1, 'x T4', 'the reference'),
  A10G: assumed(2, 'x T4', { range: [1, 4], because: 'g5 "up to 4 x" a T4 (AWS ML blog 2022-10); no absolute figure is known' }),
  L4: assumed(2.2, 'x T4', { range: [1, 4.4], because: 'up to 4.4 x a T4 at batch 16-32 (arXiv 2604.14552); at batch 1 less' }),
  L40S: assumed(4, 'x T4', { range: [2, 10], because: 'g6e: no inference figure is known' }),
};

/** Servers with a GPU that work on batches. */
export const GPU: Record<string, Parameter> = {
  batch_max: assumed(16, 'request', { range: [1, 256], because: 'throughput of a T4 saturates at 16-32; set by the placement' }),
  batch_wait_ms: assumed(20, 'ms', {
    range: [0, 1_000],
    because: 'how long the first of a batch waits for others; set by the placement',
  }),
  fills_while_waiting: TRITON.documented(1, '0 or 1', 'a batch that is due takes more requests as long as no card is free'),
  saturation_batch: NVIDIA.measured(15, 'request', 'latency is max(13, batch / 1.15) ms: flat up to a batch of 15, then linear'),
  batch_base: NVIDIA.measured(0, 'share', 'fixed part of a batch, as a share of one request alone: none is visible'),
  speed: GPU_SPEED.T4 as Parameter,
  boot_s: assumed(lognormal(120, 300), 's', {
    range: [60, 600],
    because:
      'a new node 5 min, an existing one 1 min (HN 44053826, secondary); large images take longer; nothing controlled is known',
  }),
  model_load_s: assumed(20, 's', { range: [2, 300], because: 'weights from disk to GPU memory; depends on the model' }),
  memory_gb: assumed(16, 'GB', { range: [16, 80], because: 'GPU memory of a T4; taken from the instance type' }),
  queue_limit: assumed(200, 'request', {
    range: [0, 10_000],
    because: 'requests that may wait for each ready instance before refusal',
  }),
  drain_s: assumed(300, 's', { range: [0, 3_600], because: 'as for servers' }),
  log_kb: LOG_KB,
  disk_gb: assumed(100, 'GB', { range: [30, 500], because: 'root volume with drivers, libraries and models' }),
  ...SPOT,
};
