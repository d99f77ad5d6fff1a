import type { Cell } from '../../domain/cell.ts';
import type { Trace } from '../../domain/trace.ts';
import { SAMPLE_SIZE } from '../../domain/trace-keys.ts';
import { OUTCOME } from '../../measure/recorder.ts';
import { Recording } from './engine/recordings.ts';
import { traceOf } from './spans.ts';
import type { World } from './world.ts';

/**
 * Which requests are remembered beyond their answer: of each operation the slowest that was served, and a sample.
 *
 * The sample is those with the lowest ranks. A rank belongs to the request, so neither answers nor their order change who is in it.
 * Only requests intended in the window count, as for every figure of the report.
 */
export class Kept {
  private readonly world: World;
  private readonly wanted: NonNullable<Cell['traces']>;
  private readonly free: Recording[] = [];
  /** By operation. */
  private readonly slowest: (Recording | undefined)[];
  private readonly sample: Recording[][];

  constructor(world: World, wanted: NonNullable<Cell['traces']>) {
    this.world = world;
    this.wanted = wanted;
    this.slowest = world.cell.plan.operations.map(() => undefined);
    this.sample = world.cell.plan.operations.map(() => []);
  }

  begin(action: number): Recording {
    const recording = this.free.pop() ?? new Recording();
    recording.reset();
    recording.action = action;
    return recording;
  }

  /** The operation is over: what it set off goes on being recorded only if it is kept. */
  settled(recording: Recording, outcome: number, at: number): void {
    recording.outcome = outcome;
    recording.us = Math.round((at - recording.intendedAt) * 1000);
    if (recording.intendedAt >= this.world.cell.plan.warmup_ms) {
      if (outcome === OUTCOME.served) this.race(recording);
      this.draw(recording);
    }
    this.letGo(recording);
  }

  private race(recording: Recording): void {
    const before = this.slowest[recording.operation];
    if (before !== undefined && before.us >= recording.us) return;
    this.slowest[recording.operation] = recording;
    recording.isSlowest = true;
    if (before === undefined) return;
    before.isSlowest = false;
    this.letGo(before);
  }

  private draw(recording: Recording): void {
    const sample = this.sample[recording.operation] as Recording[];
    const last = sample[sample.length - 1];
    if (sample.length === SAMPLE_SIZE && last !== undefined && last.rank <= recording.rank) return;
    recording.isSampled = true;
    sample.push(recording);
    sample.sort((a, b) => a.rank - b.rank || a.action - b.action);
    const out = sample.length > SAMPLE_SIZE ? sample.pop() : undefined;
    if (out === undefined) return;
    out.isSampled = false;
    this.letGo(out);
  }

  private letGo(recording: Recording): void {
    if (recording.isSlowest || recording.isSampled) return;
    recording.action = -1;
    this.free.push(recording);
  }

  /** What is asked for of it, operation by operation, the slowest first. */
  traces(endedAt: number): Trace[] {
    return this.sample.flatMap((sample, operation) => {
      const slowest = this.slowest[operation];
      const median = this.median(sample, operation);
      const others = this.wanted === 'sampled' ? sample : [];
      const all = new Set([slowest, median, ...others].filter((one) => one !== undefined));
      return [...all].map((recording) => {
        const picks: Trace['picks'] = [];
        if (recording === slowest) picks.push('slowest');
        if (recording === median) picks.push('median');
        if (picks.length === 0) picks.push('sampled');
        return traceOf(this.world.cell, recording, { picks, endedAt });
      });
    });
  }

  /** Of the sample, the served one that is nearest to the median of all. */
  private median(sample: readonly Recording[], operation: number): Recording | undefined {
    const median = this.world.recorder.medianUs(operation);
    const served = sample.filter((one) => one.outcome === OUTCOME.served);
    return served.reduce<Recording | undefined>(
      (best, one) => (best && Math.abs(best.us - median) <= Math.abs(one.us - median) ? best : one),
      undefined,
    );
  }
}
