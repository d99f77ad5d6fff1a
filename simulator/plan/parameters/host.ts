import type { Parameter } from '../../domain/sourced.ts';
import { assumed } from './cite.ts';

/** The machine that everything runs on, where all instances are processes of one: a live run's. */
export const HOST: Record<string, Parameter> = {
  cores: assumed(0, 'core', {
    range: [0, 1_024],
    because: '0, every instance has cores of its own; more, all instances share that many, as in a live run',
  }),
  other_load: assumed(0, 'core', {
    range: [0, 64],
    because:
      'cores that everything else keeps busy than work and ways through stores, channels and platforms: front door, driver, polls; ' +
      'npm run calibrate measures it',
  }),
  other_ms: assumed(8, 'ms', {
    range: [0.5, 20],
    because:
      'mean burst of what has neither a demand nor a way here; from 4 to 16 ms, latencies of hello in parity move by 6 % at most (all-servers ' +
      'at x0.6 and all-functions at x0.378 on two cores, 2026-11-30)',
  }),
};
