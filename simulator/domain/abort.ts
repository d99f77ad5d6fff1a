/** What waits for a signal. */
export interface Abort {
  /** Rejects with the signal's reason when it is aborted; never settles without. */
  aborted: Promise<never>;
  /** Listens no more: a signal may outlive many runs. */
  release(): void;
}

export function abortOf(signal: AbortSignal | undefined): Abort {
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal?.reason);
  });
  aborted.catch(() => undefined);
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop, { once: true });
  return { aborted, release: () => signal?.removeEventListener('abort', stop) };
}
