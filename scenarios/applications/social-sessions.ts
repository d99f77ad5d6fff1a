import type { ScenarioInput } from '../../simulator/domain/scenario.ts';

/**
 * What people do in one evening session: sign in, then twenty actions in the mean, eight seconds apart.
 *
 * Reading and posting keep DeathStarBench's 60 : 30 : 10 (home : user : compose); signing in, liking, commenting and searching are added.
 */
const next = {
  'view-feed': 48,
  'view-profile': 24,
  'create-text': 4.7,
  'create-image': 3,
  'create-video': 0.3,
  like: 8,
  comment: 3,
  search: 4,
  leave: 5,
};

export const socialSessions: ScenarioInput['workload']['sessions'] = {
  think_ms: { kind: 'exponential', mean: 8000 },
  start: { 'sign-in': 1 },
  next: {
    'sign-in': next,
    'view-feed': next,
    'view-profile': next,
    'create-text': next,
    'create-image': next,
    'create-video': next,
    like: next,
    comment: next,
    search: next,
  },
};
