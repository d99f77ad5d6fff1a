import { defineScenario } from '../simulator/domain/scenario.ts';

export default defineScenario({
  name: 'hello',
  description: 'The smallest scenario that shows everything: one service, one queue, one worker, one table.',
  application: {
    name: 'hello',
    description: 'A guest book: people read it, sign it, and get a thank-you later.',
    users: { count: 1000 },
    objects: { count: 100, zipf: 1 },
    components: {
      edge: { description: 'keeps pages for a few seconds', cache: true },
      page: { description: 'shows a page', cpu_ms: { kind: 'lognormal', p50: 8, p99: 25 }, steps: [{ read: 'entries' }] },
      book: {
        description: 'takes an entry',
        cpu_ms: 6,
        steps: [{ write: 'entries', effect: 'signed' }, { publish: 'entry-signed' }],
      },
      thank: {
        description: 'sends a thank-you',
        cpu_ms: 60,
        steps: [{ write: 'thanks', of: 'actor', effect: 'thanked' }],
      },
    },
    events: { 'entry-signed': { description: 'someone signed', consumers: { thank: {} } } },
    datasets: {
      entries: { description: 'what people wrote', shape: 'key-value' },
      thanks: { description: 'whom we thanked', shape: 'relational' },
    },
    operations: {
      read: {
        description: 'look at a page',
        steps: [{ cached: 'edge', ttl_s: 2, otherwise: [{ call: 'page' }] }, { show: 'entry' }],
      },
      sign: { description: 'leave an entry', creates: 'entry', steps: [{ call: 'book' }] },
    },
    entities: { entry: { accepted: 'signed', shown_after: 'thanked' } },
  },
  workload: {
    duration_s: 120,
    arrivals: { kind: 'constant', rate: 40 },
    sessions: {
      think_ms: { kind: 'exponential', mean: 2000 },
      start: { read: 1 },
      next: { read: { read: 2, sign: 1, leave: 1 }, sign: { read: 1, leave: 1 } },
    },
  },
  strategies: ['all-functions', 'all-servers', 'hybrid'],
  objectives: ['read p95 <= 120 ms', 'sign p95 <= 150 ms', 'error_rate <= 1 %', 'lost == 0'],
  checks: ['lost', 'twice'],
  seeds: 3,
});
