import { type Strategy, StrategySchema } from '../domain/placement.ts';
import { BY_QUEUE, BY_USE, CHANNELS, STORES, TO_EDGE } from './rules/shared-rules.ts';

/** Everything that computes is a pool of virtual machines, on demand. */
export const ALL_SERVERS: Strategy = StrategySchema.parse({
  name: 'all-servers',
  description: 'Every component is a pool of servers behind a load balancer or a queue.',
  components: [
    TO_EDGE,
    {
      when: { trigger: 'event' },
      place: { platform: 'server', controller: BY_QUEUE },
      because: 'only events start it, so the length of its queue says how many servers it needs',
    },
    { place: { platform: 'server' }, because: 'always warm, and cheaper by the CPU hour than functions when busy' },
  ],
  events: CHANNELS,
  datasets: STORES,
  controller: BY_USE,
});
