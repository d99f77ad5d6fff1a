import { UnavailableError } from '../../../domain/problem.ts';
import type { Outcome } from '../contract.ts';

/** Serialisation failure and deadlock: the same again may well succeed. */
const AGAIN = ['40001', '40P01'];
/** A lock was waited for too long. */
const LOCKED = '55P03';
/** Classes of what is wrong with the connection or the server, not with the statement. */
const AWAY = ['08', '53', '57'];
const SOCKET = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH'];
/** What the client library says without a code. */
const SAID = /^(?:timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error)/;

export const TOO_MANY_CONNECTIONS = '53300';

/**
 * What a failed access means to its caller; undefined for a fault of ours.
 *
 * A write whose connection broke may have been committed: it counts as refused, and its guard makes another try safe.
 */
export function outcomeOf(error: unknown): Outcome | undefined {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  if (AGAIN.includes(code)) return 'throttled';
  if (code === LOCKED || SOCKET.includes(code) || SAID.test(message)) return 'refused';
  return /^[0-9A-Z]{5}$/.test(code) && AWAY.includes(code.slice(0, 2)) ? 'refused' : undefined;
}

/** The same in words for whoever named the server, with its address but not its password. */
export function unavailable(error: unknown, url: string): UnavailableError {
  const { host, pathname } = new URL(url);
  const { code, message } = error as { code?: string; message: string };
  const what =
    code === '28P01' || code === '28000' ? 'check the user and the password in its address' : 'check that it runs there';
  return new UnavailableError(`PostgreSQL at ${host}${pathname} cannot be used: ${message || code}. Please ${what}.`);
}
