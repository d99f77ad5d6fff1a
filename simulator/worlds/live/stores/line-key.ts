import type { LiveEffect } from '../contract.ts';
import { writerId } from '../writer.ts';

/**
 * The key under which a ledger line is stored: one for each effect of a cause on an entity where repeats are recognised, else a new one.
 *
 * What is written twice under one key is there once, so that a guard is as good as the store's own condition on a key.
 */
export function lineKey({ effect, entity, cause }: LiveEffect, isGuarded: boolean): string {
  const key = [effect, entity, encodeURIComponent(cause ?? '')].join('/');
  return isGuarded ? key : `${key}/${writerId()}`;
}
