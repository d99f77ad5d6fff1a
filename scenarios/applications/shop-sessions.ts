import type { ScenarioInput } from '../../simulator/domain/scenario.ts';

/**
 * What people do in a shop: ten actions in the mean, some four seconds apart; two sessions in five buy.
 *
 * Kept from Online Boutique's load generator are its weights for index 1 and set-currency 2 (here `browse` 3), browse-product 10 (here
 * `view-product`), add-to-cart 2, view-cart 3 and checkout 1, as shares of the mix. Added are `search`, `sign-in` before each checkout, and
 * `order-status` after two thirds of them. Its users choose each action by itself; here what follows depends on what was done, so that
 * nobody sees a cart that is empty or buys without signing in: both would fail, and the failure would be the workload's. For the same reason
 * hardly anybody acts before the last answer can have come.
 * Source: GoogleCloudPlatform/microservices-demo, src/loadgenerator/locustfile.py.
 */
export const shopSessions: ScenarioInput['workload']['sessions'] = {
  think_ms: { kind: 'lognormal', p50: 4000, p99: 15_000 },
  start: { browse: 6, search: 2, 'view-product': 2 },
  next: {
    browse: { 'view-product': 70, search: 8, browse: 15, leave: 7 },
    search: { 'view-product': 80, search: 10, leave: 10 },
    'view-product': { 'view-product': 53, browse: 13, search: 7, 'add-to-cart': 20, leave: 7 },
    'add-to-cart': { 'view-cart': 85, 'view-product': 15 },
    'view-cart': { 'view-cart': 43, 'sign-in': 33, 'view-product': 14, leave: 10 },
    'sign-in': { checkout: 1 },
    checkout: { 'order-status': 65, leave: 35 },
    'order-status': { 'order-status': 10, browse: 10, leave: 80 },
  },
};
