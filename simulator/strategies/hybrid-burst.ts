import { type Strategy, StrategySchema } from '../domain/placement.ts';
import { BY_QUEUE, BY_USE, CHANNELS, GPU_ON_CPU, STORES, TO_EDGE } from './rules/shared-rules.ts';

/** Servers carry the base; what finds no free slot goes to a function of the same component. */
export const HYBRID_BURST: Strategy = StrategySchema.parse({
  name: 'hybrid-burst',
  description: 'Servers for the base load; requests that find no free slot overflow to functions.',
  components: [
    TO_EDGE,
    {
      when: { trigger: 'event' },
      place: { platform: 'server', controller: BY_QUEUE },
      because: 'only events start it: its queue already absorbs bursts, so nothing has to overflow',
    },
    {
      when: { gpu: true },
      place: { platform: 'server', overflow: {} },
      because: `${GPU_ON_CPU}; bursts overflow to functions`,
    },
    {
      place: { platform: 'server', overflow: {} },
      because: 'servers are cheaper for the steady base, functions start within a second when a burst comes',
    },
  ],
  events: CHANNELS,
  datasets: STORES,
  controller: BY_USE,
});
