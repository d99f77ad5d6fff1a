import { type Strategy, StrategySchema } from '../domain/placement.ts';
import { BY_QUEUE, BY_USE, CHANNELS, STORES, TO_EDGE } from './rules/shared-rules.ts';

const ON_DEMAND = { platform: 'server' } as const;
const ALL_SPOT = { ...ON_DEMAND, spot: {} } as const;
const ABOVE_HALF = { ...ON_DEMAND, spot: { on_demand_share: 0.5 } } as const;

/**
 * As `all-servers`, on machines that cost a third and may be taken back with two minutes of notice.
 *
 * What only events start runs on spot throughout: a message that is cut comes back, and nobody waits for it. Of what users wait for, half the
 * base stays on demand, so that something answers while others boot. What keeps state stays on demand altogether: a notice of two minutes
 * is too short to move it.
 */
export const SPOT_SERVERS: Strategy = StrategySchema.parse({
  name: 'spot-servers',
  description: 'Servers on spot machines, half the base on demand where users wait, all of it where there is state.',
  components: [
    TO_EDGE,
    {
      when: { stateful: true, trigger: 'event' },
      place: { ...ON_DEMAND, controller: BY_QUEUE },
      because: 'it keeps state, which two minutes of notice are too short to move: on demand, as many as its queue asks for',
    },
    {
      when: { stateful: true },
      place: ON_DEMAND,
      because: 'it keeps state between requests, which two minutes of notice are too short to move: on demand',
    },
    {
      when: { trigger: 'event' },
      place: { ...ALL_SPOT, controller: BY_QUEUE },
      because: 'only events start it: what is interrupted comes back from its queue, so every machine may be a spot one',
    },
    {
      place: ABOVE_HALF,
      because: 'users wait for it: half the base on demand answers while spot machines are replaced; what is above costs a third',
    },
  ],
  events: CHANNELS,
  datasets: STORES,
  controller: BY_USE,
});
