import type { Strategy } from '../domain/placement.ts';
import { ALL_FUNCTIONS } from './all-functions.ts';
import { ALL_SERVERS } from './all-servers.ts';
import { HYBRID } from './hybrid.ts';
import { HYBRID_BURST } from './hybrid-burst.ts';
import { HYBRID_GPU } from './hybrid-gpu.ts';
import { RESERVED_BASE } from './reserved-base.ts';
import { SPOT_SERVERS } from './spot-servers.ts';

/** Shipped placements by name, in the order of `list`. */
export const STRATEGIES: Record<string, Strategy> = {
  'all-functions': ALL_FUNCTIONS,
  'all-servers': ALL_SERVERS,
  hybrid: HYBRID,
  'hybrid-burst': HYBRID_BURST,
  'hybrid-gpu': HYBRID_GPU,
  'reserved-base': RESERVED_BASE,
  'spot-servers': SPOT_SERVERS,
};
