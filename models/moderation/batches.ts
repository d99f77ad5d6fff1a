/**
 * Gathers what comes one by one into batches: as many as `most`, or what has come `wait_ms` after the first.
 *
 * Batches are worked off one after the other; what comes meanwhile makes up the next.
 */
export class Batches<Item, Answer> {
  private waiting: { item: Item; resolve(answer: Answer): void; reject(error: unknown): void }[] = [];
  private isWorking = false;
  private timer: NodeJS.Timeout | undefined;
  private readonly o: { most: number; wait_ms: number; work(items: Item[]): Promise<Answer[]> };

  constructor(o: { most: number; wait_ms: number; work(items: Item[]): Promise<Answer[]> }) {
    this.o = o;
  }

  add(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      this.look();
    });
  }

  private look(): void {
    if (this.isWorking || this.waiting.length === 0) return;
    if (this.waiting.length >= this.o.most || this.o.wait_ms <= 0) void this.begin();
    else this.timer ??= setTimeout(() => void this.begin(), this.o.wait_ms);
  }

  private async begin(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.isWorking) return;
    this.isWorking = true;
    const batch = this.waiting.splice(0, Math.max(1, this.o.most));
    try {
      const answers = await this.o.work(batch.map(({ item }) => item));
      for (const [i, { resolve }] of batch.entries()) resolve(answers[i] as Answer);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    this.isWorking = false;
    this.look();
  }
}
