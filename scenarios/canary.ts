import { defineScenario } from '../simulator/domain/scenario.ts';
import hello from './hello.ts';

/** An alarm that never rings is not tested: nothing that answers over a network can meet this objective. */
export default defineScenario({
  ...hello,
  name: 'canary',
  description: 'Must fail: a latency that no placement can reach.',
  objectives: ['read p95 <= 1 ms'],
});
