import { type Strategy, StrategySchema } from '../domain/placement.ts';
import {
  BY_QUEUE,
  BY_USE,
  CHANNELS,
  HEAVY_ON_SERVERS,
  LIGHT_EVENTS_ON_FUNCTIONS,
  STORES,
  TO_EDGE,
} from './rules/shared-rules.ts';

/** The hybrid, with model work on GPU workers that take it in batches. */
export const HYBRID_GPU: Strategy = StrategySchema.parse({
  name: 'hybrid-gpu',
  description: 'As hybrid, with moderation, transcoding and recommendation on GPU workers that batch.',
  components: [
    TO_EDGE,
    {
      when: { gpu: true, trigger: 'event' },
      place: { platform: 'gpu', batch_max: 16, batch_wait_ms: 50, controller: BY_QUEUE },
      because: 'a GPU does a batch in the time of one; nobody waits for it, so a batch may fill for 50 ms',
    },
    {
      when: { gpu: true },
      place: { platform: 'gpu', batch_max: 16, batch_wait_ms: 5 },
      because: 'a GPU does a batch in the time of one; somebody waits for it, so a batch fills for 5 ms at most',
    },
    LIGHT_EVENTS_ON_FUNCTIONS,
    ...HEAVY_ON_SERVERS,
  ],
  events: CHANNELS,
  datasets: STORES,
  controller: BY_USE,
});
