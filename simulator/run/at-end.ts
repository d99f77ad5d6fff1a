const cleanups = new Set<() => void>();

/** Has something taken away if the program is broken off before `done` is called: what makes a mess outside its own files says so here. */
export function atEnd(cleanup: () => void): { done(): void } {
  cleanups.add(cleanup);
  return { done: () => cleanups.delete(cleanup) };
}

/** Takes everything away that is still there, the last first. Nothing that fails keeps the rest. */
export function cleanUp(): void {
  for (const cleanup of [...cleanups].reverse()) {
    try {
      cleanup();
    } catch {
      // The program ends because of something else, and says that.
    }
  }
  cleanups.clear();
}
