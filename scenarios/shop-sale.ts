import { defineScenario } from '../simulator/domain/scenario.ts';
import { shop } from './applications/shop.ts';
import { shopSessions } from './applications/shop-sessions.ts';

export default defineScenario({
  name: 'shop-sale',
  description: 'A flash sale: a shop at its daily load, then hundreds a second who want the same 2,000 units.',
  application: shop,
  workload: {
    duration_s: 600,
    arrivals: {
      kind: 'flash-crowd',
      base: { kind: 'constant', rate: 50 },
      at_s: 240,
      factor: 12,
      rise_s: 5,
      hold_s: 40,
      fall_s: 30,
      object: 0,
      operations: { 'view-product': 0.5, checkout: 0.5 },
    },
    sessions: shopSessions,
  },
  history: { days: 14 },
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
  objectives: ['view-product p95 <= 300 ms', 'search p95 <= 500 ms', 'checkout p95 <= 2500 ms', 'error_rate <= 1 %', 'lost == 0'],
  checks: [
    'lost',
    'twice',
    'oversold',
    'charged_twice',
    'charged_without_order',
    'refunded_twice',
    'refunded_with_order',
    'order_without_reservation',
  ],
});
