import { type Strategy, StrategySchema } from '../domain/placement.ts';
import { CHANNELS, STORES, TO_EDGE } from './rules/shared-rules.ts';

/** Everything that computes is a function: nothing to operate, pay by the call. */
export const ALL_FUNCTIONS: Strategy = StrategySchema.parse({
  name: 'all-functions',
  description: 'Every component is a function; nothing runs when nobody asks.',
  components: [
    TO_EDGE,
    {
      when: { gpu: true },
      place: { platform: 'function' },
      because: 'functions have no GPU, so the model runs on their CPU, many times slower',
    },
    { place: { platform: 'function' }, because: 'pay by the call, no pools to size' },
  ],
  events: CHANNELS,
  datasets: STORES,
});
