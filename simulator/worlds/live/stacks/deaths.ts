import { UnavailableError } from '../../../domain/problem.ts';

/** Who hears that a part died: whoever expects it, else the run, which it breaks. */
export class Deaths {
  readonly broken: Promise<never>;
  private readonly expected = new Map<string, () => void>();
  private break: (error: unknown) => void = () => undefined;

  constructor() {
    this.broken = new Promise((_, reject) => {
      this.break = reject;
    });
    this.broken.catch(() => undefined);
  }

  fail(error: unknown): void {
    this.break(error);
  }

  expect(name: string, died: () => void): void {
    this.expected.set(name, died);
  }

  heard(name: string, message: string): void {
    const died = this.expected.get(name);
    if (died) died();
    else this.break(new UnavailableError(message));
  }
}
