import { UnavailableError } from '../../domain/problem.ts';

/**
 * What `work` gives, if that does not take longer than `ms`: no wait of a run is without an end.
 *
 * Throws: UnavailableError that says what was waited for; `work` itself goes on, and ends with the part that keeps it waiting.
 */
export async function within<T>(work: Promise<T>, { ms, what }: { ms: number; what: string }): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    const words = `${what} took longer than ${Math.round(ms / 1000)} s, so the run was ended: try a lower --rate, or a machine that does nothing else`;
    timer = setTimeout(() => reject(new UnavailableError(words)), ms);
  });
  return Promise.race([work, over]).finally(() => clearTimeout(timer));
}
