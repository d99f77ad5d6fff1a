import { SCENARIOS } from '../../scenarios/index.ts';
import { ARRIVALS } from '../../workloads/arrivals/index.ts';
import { CONTROLLERS } from '../controllers/index.ts';
import { FAULTS } from '../domain/fault.ts';
import { CHECKS } from '../measure/checks/index.ts';
import { STRATEGIES } from '../strategies/index.ts';

const PLATFORMS = {
  function: { description: 'one request per instance, cold starts, pay per millisecond' },
  server: { description: 'machines with slots behind a balancer, pay per second' },
  gpu: { description: 'GPU workers that compute in batches' },
  edge: { description: 'a cache near the users' },
};

const CHANNELS = {
  sqs: { description: 'a queue for each consumer: at least once, no order, pay per request' },
  'sqs-fifo': { description: 'in order within each group, one batch of a group at a time, repeats dropped for 5 minutes' },
  rabbitmq: { description: 'a broker on machines: pushes, prefetch, acks and confirms as chosen, pay per hour' },
};

type Described = Readonly<Record<string, { description: string }>>;

/** Everything that a scenario can name, each with its sentence. */
export function listText(): string {
  const checks = Object.fromEntries(CHECKS.map((check) => [check.name, { description: check.description }]));
  const groups: [string, Described][] = [
    ['Scenarios', SCENARIOS],
    ['Strategies', STRATEGIES],
    ['Controllers', CONTROLLERS],
    ['Arrival shapes', ARRIVALS],
    ['Platforms', PLATFORMS],
    ['Channels', CHANNELS],
    ['Checks', checks],
    ['Faults', FAULTS],
  ];
  return groups.map(([title, entries]) => `${title}\n${table(entries)}`).join('\n\n');
}

/** What `scenario` says without a name. */
export function howToStart(): string {
  return `Scenarios\n${table(SCENARIOS)}\n\nStart one:\n  npm run scenario social-peak\n  npm run scenario hello -- --seeds 2\n\nMore: npm run list, npm run scenario -- --help`;
}

function table(entries: Described): string {
  const width = Math.max(...Object.keys(entries).map((name) => name.length));
  return Object.entries(entries)
    .map(([name, { description }]) => `  ${name.padEnd(width)}  ${description}`)
    .join('\n');
}
