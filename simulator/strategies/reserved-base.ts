import { type Strategy, StrategySchema } from '../domain/placement.ts';
import { BY_QUEUE, BY_USE, CHANNELS, GPU_ON_CPU, LIGHT_EVENTS_ON_FUNCTIONS, STORES, TO_EDGE } from './rules/shared-rules.ts';

const RESERVED = { platform: 'server', instance: 'c7g.large', reserved_share: 1 } as const;

/** What a cost-minded architect would try: commit for a year to the base, buy the rest by the second. */
export const RESERVED_BASE: Strategy = StrategySchema.parse({
  name: 'reserved-base',
  description: 'Compute-optimised servers, the base reserved for a year, on demand above; light events on functions.',
  components: [
    TO_EDGE,
    {
      when: { gpu: true, trigger: 'event' },
      place: { ...RESERVED, controller: BY_QUEUE },
      because: `${GPU_ON_CPU}; the base is reserved`,
    },
    { when: { gpu: true }, place: RESERVED, because: `${GPU_ON_CPU}; the base is reserved` },
    LIGHT_EVENTS_ON_FUNCTIONS,
    {
      when: { trigger: 'event' },
      place: { ...RESERVED, controller: BY_QUEUE },
      because: 'heavy work that events start; the base is a third cheaper reserved, and its queue says when to buy more',
    },
    { place: RESERVED, because: 'the base runs all day, so a year of it costs a third less; above it, on demand' },
  ],
  events: CHANNELS,
  datasets: STORES,
  controller: BY_USE,
});
