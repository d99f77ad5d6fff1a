import { chownSync, mkdirSync } from 'node:fs';

/** `nobody`, whom every Linux and macOS has: servers that refuse to run as root, or need not, run as it. */
const NOBODY = process.platform === 'darwin' ? { uid: 4_294_967_294, gid: 4_294_967_294 } : { uid: 65_534, gid: 65_534 };

/** Whom a server should run as: somebody without rights where we are root, ourselves elsewhere. */
export function unprivileged(): { uid: number; gid: number } | undefined {
  return process.getuid?.() === 0 ? NOBODY : undefined;
}

/** A folder that only that user can read. */
export function ownFolder(path: string): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const user = unprivileged();
  if (user) chownSync(path, user.uid, user.gid);
  return path;
}
