declare module 'dynalite' {
  import type { Server } from 'node:http';
  /** Milliseconds that tables need to change; in memory unless a `path` is given. */
  export default function dynalite(o: { createTableMs?: number; deleteTableMs?: number; updateTableMs?: number }): Server;
}
