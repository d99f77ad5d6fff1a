import { chargedTwice } from './charged-twice.ts';
import { chargedWithoutOrder } from './charged-without-order.ts';
import type { CheckDefinition } from './check.ts';
import { deadLettered } from './dead-lettered.ts';
import { lost } from './lost.ts';
import { orderWithoutReservation } from './order-without-reservation.ts';
import { outOfOrder } from './out-of-order.ts';
import { oversold } from './oversold.ts';
import { pending } from './pending.ts';
import { refunded } from './refunded.ts';
import { refundedTwice } from './refunded-twice.ts';
import { refundedWithOrder } from './refunded-with-order.ts';
import { shownBefore } from './shown-before.ts';
import { soldOut } from './sold-out.ts';
import { staleRead } from './stale-read.ts';
import { suppressed } from './suppressed.ts';
import { twice } from './twice.ts';

/** Every check, in the order in which reports list them. */
export const CHECKS: readonly CheckDefinition[] = [
  lost,
  twice,
  outOfOrder,
  oversold,
  chargedWithoutOrder,
  chargedTwice,
  refundedTwice,
  refundedWithOrder,
  orderWithoutReservation,
  shownBefore,
  staleRead,
  pending,
  deadLettered,
  refunded,
  suppressed,
  soldOut,
];
