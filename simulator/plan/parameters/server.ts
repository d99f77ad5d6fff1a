import type { Parameter } from '../../domain/sourced.ts';
import { assumed, cite, lognormal } from './cite.ts';
import { CPU_PER_GPU, LOG_KB } from './function.ts';
import { SPOT } from './spot.ts';

const EC2 = cite('AWS EC2 instance types', '2026-07-20');
const COREMARK = cite('CoreMark, github vantage-sh/ec2instances.info manually_fetched_data.json', '2025-12-10');
const DEREGISTRATION = cite('Elastic Load Balancing, default deregistration delay (awsdocs auto-scaling@7d90761)', '2023-04-27');

/** Speed of one vCPU by instance family, against the reference vCPU (Graviton3). */
export const FAMILY_SPEED: Record<string, Parameter> = {
  m7g: COREMARK.measured(1, 'x reference vCPU', 'the reference: m7g.large 51.7 k/s'),
  c7g: COREMARK.measured(1, 'x reference vCPU', 'c7g.large 51.9 k/s to m7g.large 51.7 k/s'),
  t4g: COREMARK.measured(0.76, 'x reference vCPU', 't4g.medium 39.2 k/s to m7g.large 51.7 k/s; CPU credits are not modelled'),
  c7i: COREMARK.measured(0.76, 'x reference vCPU', 'c7i.large 39.5 k/s to m7g.large 51.7 k/s'),
  m7i: assumed(0.76, 'x reference vCPU', {
    range: [0.7, 0.95],
    because: 'as c7i; video 17 fps to 19 on m7g.large would give .89',
  }),
};

/** Virtual machines behind a load balancer or a queue: instances times slots. */
export const SERVER: Record<string, Parameter> = {
  cores: EC2.documented(2, 'vCPU', 'm7g.large; taken from the instance type'),
  memory_gb: EC2.documented(8, 'GB', 'm7g.large; taken from the instance type'),
  speed: FAMILY_SPEED.m7g as Parameter,
  slots: assumed(16, 'request', {
    range: [1, 1_000],
    because: '8 a vCPU, fewer where the memory of that many calls does not fit; requests that one instance works on at once',
  }),
  queue_limit: assumed(100, 'request', {
    range: [0, 10_000],
    because: 'requests that may wait for each ready instance before refusal',
  }),
  boot_s: assumed(lognormal(60, 150), 's', {
    range: [29, 240],
    because:
      '29 s to an open port (daemonology.net 2021-08), 1-2 min for stock images (admin-magazine 65/2021), plus the program',
  }),
  warmup_s: assumed(30, 's', {
    range: [0, 300],
    because: 'caches and just-in-time compilation after the first request; not measured',
  }),
  warmup_factor: assumed(1.5, 'x', { range: [1, 3], because: 'work is this much slower while warming; not measured' }),
  health_check_s: assumed(10, 's', { range: [5, 150], because: 'two checks 5 s apart before the load balancer sends traffic' }),
  drain_s: DEREGISTRATION.documented(300, 's'),
  log_kb: LOG_KB,
  disk_gb: assumed(20, 'GB', { range: [8, 200], because: 'root volume of a stock image and the program' }),
  cpu_per_gpu: CPU_PER_GPU,
  ...SPOT,
};
