import { randomBytes } from 'node:crypto';

/**
 * A password or cookie for one run's part.
 *
 * Loopback is open to every user of the machine, and a database's owner may start programs, so it must not be guessable; nothing that
 * is measured depends on it.
 */
export function secret(): string {
  return randomBytes(18).toString('hex');
}
