import type { StrategyInput } from '../../domain/placement.ts';

type ComponentRule = StrategyInput['components'][number];

/** Sizes a pool by how busy it is: the Kubernetes HPA rule. */
export const BY_USE = { name: 'target-utilization' };

/** Sizes a pool by how much waits for it: the KEDA rule. */
export const BY_QUEUE = { name: 'queue-depth' };

export const TO_EDGE: ComponentRule = {
  when: { cache: true },
  place: { platform: 'edge' },
  because: 'a cache belongs near its readers',
};

export const GPU_ON_CPU = 'model work is heavy, and CPU servers are the cheapest place that needs no GPU';

export const LIGHT_EVENTS_ON_FUNCTIONS: ComponentRule = {
  when: { trigger: 'event', duration: 'short', stateful: false, gpu: false },
  place: { platform: 'function' },
  because: 'short work that only events start: nobody waits for a cold start, and idle time costs nothing',
};

/** What is left when light events are on functions: heavy events, and all that users wait for. */
export const HEAVY_ON_SERVERS: ComponentRule[] = [
  {
    when: { trigger: 'event' },
    place: { platform: 'server', controller: BY_QUEUE },
    because: 'long or stateful work that events start: cheaper on servers, and its queue says how many',
  },
  {
    when: { stateful: true },
    place: { platform: 'server' },
    because: 'it keeps state between requests, which a function cannot',
  },
  { place: { platform: 'server' }, because: 'users wait for it all day: always warm, and cheap when busy' },
];

export const CHANNELS: StrategyInput['events'] = [
  { place: { channel: 'sqs' }, because: 'a queue for each consumer: at least once, with redelivery and dead letters' },
];

/** Stores follow the shape of the data, the same under every strategy, so that strategies differ in compute only. */
export const STORES: StrategyInput['datasets'] = [
  { when: { shape: 'key-value' }, place: { store: 'dynamodb' }, because: 'rows by key, no joins: scales without servers' },
  { when: { shape: 'relational' }, place: { store: 'postgres' }, because: 'joins and transactions' },
  { when: { shape: 'blob' }, place: { store: 's3' }, because: 'large objects, read whole' },
];
