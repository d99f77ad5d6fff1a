import { type Strategy, StrategySchema } from '../domain/placement.ts';
import {
  BY_QUEUE,
  BY_USE,
  CHANNELS,
  GPU_ON_CPU,
  HEAVY_ON_SERVERS,
  LIGHT_EVENTS_ON_FUNCTIONS,
  STORES,
  TO_EDGE,
} from './rules/shared-rules.ts';

/** What the literature recommends: light event-driven work on functions, the persistent and the heavy on servers. */
export const HYBRID: Strategy = StrategySchema.parse({
  name: 'hybrid',
  description: 'Light event-driven work on functions; persistent, heavy and model work on servers.',
  components: [
    TO_EDGE,
    { when: { gpu: true, trigger: 'event' }, place: { platform: 'server', controller: BY_QUEUE }, because: GPU_ON_CPU },
    { when: { gpu: true }, place: { platform: 'server' }, because: GPU_ON_CPU },
    LIGHT_EVENTS_ON_FUNCTIONS,
    ...HEAVY_ON_SERVERS,
  ],
  events: CHANNELS,
  datasets: STORES,
  controller: BY_USE,
});
