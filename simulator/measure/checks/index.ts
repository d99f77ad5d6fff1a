import type { CheckDefinition } from './check.ts';
import { deadLettered } from './dead-lettered.ts';
import { lost } from './lost.ts';
import { outOfOrder } from './out-of-order.ts';
import { pending } from './pending.ts';
import { shownBefore } from './shown-before.ts';
import { staleRead } from './stale-read.ts';
import { suppressed } from './suppressed.ts';
import { twice } from './twice.ts';

/** Every check, in the order in which reports list them. */
export const CHECKS: readonly CheckDefinition[] = [
  lost,
  twice,
  outOfOrder,
  shownBefore,
  staleRead,
  pending,
  deadLettered,
  suppressed,
];
