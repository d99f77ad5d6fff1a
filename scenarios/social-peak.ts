import { defineScenario } from '../simulator/domain/scenario.ts';
import { socialNetwork } from './applications/social-network.ts';
import { socialSessions } from './applications/social-sessions.ts';

export default defineScenario({
  name: 'social-peak',
  description: "A social network's evening: ramp, peak, a flash crowd on one celebrity's post, decline.",
  application: socialNetwork,
  workload: {
    duration_s: 1800,
    arrivals: {
      kind: 'flash-crowd',
      base: {
        kind: 'ramp',
        points: [
          [0, 30],
          [600, 180],
          [1380, 180],
          [1800, 60],
        ],
      },
      at_s: 1000,
      factor: 4,
      rise_s: 20,
      hold_s: 70,
      fall_s: 60,
      object: 0,
      operations: { 'view-profile': 0.7, like: 0.22, comment: 0.08 },
    },
    sessions: socialSessions,
  },
  history: { days: 5 },
  strategies: [
    'all-functions',
    'all-servers',
    'hybrid',
    { strategy: 'hybrid', controller: { name: 'target-utilization', tuned: true } },
    { strategy: 'hybrid', controller: { name: 'ai' } },
    'hybrid-burst',
    'hybrid-gpu',
    'reserved-base',
    'spot-servers',
  ],
  parameters: {
    // Six times the longest work, as AWS advises for a queue in front of a function.
    'sqs.transcode.visibility_timeout_s': 900,
    'sqs.moderation.visibility_timeout_s': 60,
    // A celebrity's post writes 80,000 rows at once: the table is warmed for it, and its queue is patient.
    'dynamodb.feeds.initial_write_units': 12_000,
    'sqs.fan-out.receives_max': 20,
  },
  objectives: [
    'view-feed p95 <= 400 ms',
    'view-profile p95 <= 250 ms',
    'create-text p95 <= 300 ms',
    'search p95 <= 600 ms',
    'p99 <= 1500 ms',
    'error_rate <= 0.5 %',
    'lost == 0',
  ],
  checks: ['lost', 'twice'],
  full: { duration_s: 7200, rate: 200 / 30 },
});
