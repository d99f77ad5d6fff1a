import { chownSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { UnavailableError } from '../../../domain/problem.ts';

/** `nobody`, whom every Linux and macOS has: servers that refuse to run as root, or need not, run as it. */
const NOBODY = process.platform === 'darwin' ? { uid: 4_294_967_294, gid: 4_294_967_294 } : { uid: 65_534, gid: 65_534 };

/** Whom a server should run as: somebody without rights where we are root, ourselves elsewhere. */
export function unprivileged(): { uid: number; gid: number } | undefined {
  return process.getuid?.() === 0 ? NOBODY : undefined;
}

/** A folder that only that user can read. Throws: UnavailableError where that user cannot get to it. */
export function ownFolder(path: string): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const user = unprivileged();
  const closed = user && firstClosed(dirname(path));
  if (closed !== undefined)
    throw new UnavailableError(
      `only its owner can enter ${closed}, and servers that refuse to run as root run as nobody: ` +
        `chmod o+x ${closed}, or name a place for the data of a run that all can enter: TMPDIR=/somewhere`,
    );
  if (user) chownSync(path, user.uid, user.gid);
  return path;
}

/** The uppermost folder on the way to `path` that not everybody can pass through. */
export function firstClosed(path: string): string | undefined {
  const above = dirname(path) === path ? undefined : firstClosed(dirname(path));
  return above ?? ((statSync(path).mode & 0o001) === 0 ? path : undefined);
}
