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
      'cores that everything without a demand here keeps busy: stores, channels, front door, driver; npm run calibrate measures it',
  }),
  other_ms: assumed(8, 'ms', {
    range: [0.5, 20],
    because:
      'mean burst of what has no demand here; on two cores 8 ms give bursts of 6 to 60 ms the spread that they were measured to have (hello ' +
      'under all-servers and all-functions at x0.54, 2026-11-30)',
  }),
};
