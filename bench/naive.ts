import { keyOf, mix, PURPOSE, uniform } from '../simulator/domain/draws.ts';
import type { Sampler } from '../simulator/domain/sampler.ts';
import type { Histogram } from '../simulator/measure/histogram.ts';
import type { Schedule } from '../workloads/schedule.ts';

/**
 * The obvious engine: a binary heap of objects with closures, one object per request and instance, one event for every idle expiry.
 *
 * Kept to measure the product's engine against, and to agree with it: same schedule, same draws, so the latencies must be the same.
 */
interface Pending {
  at: number;
  order: number;
  run: () => void;
}

/** Binary heap of pending closures, first in first out among equals. */
export class NaiveLoop {
  now = 0;
  events = 0;
  private readonly heap: Pending[] = [];
  private order = 0;

  at(time: number, run: () => void): void {
    const heap = this.heap;
    heap.push({ at: time, order: this.order++, run });
    let i = heap.length - 1;
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (!isBefore(heap[i] as Pending, heap[up] as Pending)) break;
      [heap[i], heap[up]] = [heap[up] as Pending, heap[i] as Pending];
      i = up;
    }
  }

  run(): void {
    for (let next = this.pop(); next !== undefined; next = this.pop()) {
      this.now = next.at;
      this.events++;
      next.run();
    }
  }

  private pop(): Pending | undefined {
    const heap = this.heap;
    const top = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return top;
    heap[0] = last;
    for (let i = 0; ; ) {
      const left = 2 * i + 1;
      if (left >= heap.length) break;
      const right = left + 1;
      const least = right < heap.length && isBefore(heap[right] as Pending, heap[left] as Pending) ? right : left;
      if (!isBefore(heap[least] as Pending, heap[i] as Pending)) break;
      [heap[i], heap[least]] = [heap[least] as Pending, heap[i] as Pending];
      i = least;
    }
    return top;
  }
}

function isBefore(a: Pending, b: Pending): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** A station takes a request and calls back when it is done. */
export type Station = (key: number, done: () => void) => void;

/** c servers, first in first out. */
export function queueStation(loop: NaiveLoop, servers: number, law: Sampler): Station {
  const waiting: { key: number; done: () => void }[] = [];
  let busy = 0;
  const serve = (key: number, done: () => void) => {
    busy++;
    loop.at(loop.now + law.at(uniform(mix(key, PURPOSE.cpu))), () => {
      busy--;
      const next = waiting.shift();
      if (next) serve(next.key, next.done);
      done();
    });
  };
  return (key, done) => (busy < servers ? serve(key, done) : void waiting.push({ key, done }));
}

interface Instance {
  id: number;
  /** Rises with each use, so that an old expiry event is recognised. */
  uses: number;
}

/** Functions: newest-created idle instance first, a fresh one works `coldFactor` times slower, idle ones expire. */
export function functionStation(loop: NaiveLoop, law: Sampler, o: { coldFactor: number; expiryMs: number }): Station {
  const idle: Instance[] = [];
  let created = 0;
  return (key, done) => {
    const warm = idle.pop();
    const instance = warm ?? { id: created++, uses: 0 };
    const work = law.at(uniform(mix(key, PURPOSE.cpu))) * (warm ? 1 : o.coldFactor);
    loop.at(loop.now + work, () => {
      const uses = ++instance.uses;
      let at = idle.length;
      while (at > 0 && (idle[at - 1] as Instance).id > instance.id) at--;
      idle.splice(at, 0, instance);
      loop.at(loop.now + o.expiryMs, () => {
        if (instance.uses !== uses) return;
        const place = idle.indexOf(instance);
        if (place >= 0) idle.splice(place, 1);
      });
      done();
    });
  };
}

/** GPU cards: a batch closes when full or due, and takes `alone` x (base + size / saturation). */
export function batchStation(
  loop: NaiveLoop,
  o: { cards: number; max: number; waitMs: number; alone: number; base: number; saturation: number },
): Station {
  let open: (() => void)[] = [];
  const closed: (() => void)[][] = [];
  let busy = 0;
  const start = () => {
    if (busy >= o.cards) return;
    const batch = closed.shift();
    if (batch === undefined) return;
    busy++;
    loop.at(loop.now + o.alone * Math.max(1, o.base + batch.length / o.saturation), () => {
      busy--;
      start();
      for (const done of batch) done();
    });
  };
  const close = () => {
    closed.push(open);
    open = [];
    start();
  };
  return (_key, done) => {
    open.push(done);
    const batch = open;
    if (batch.length >= o.max) close();
    else if (batch.length === 1) {
      loop.at(loop.now + o.waitMs, () => {
        if (open === batch) close();
      });
    }
  };
}

/** Sends every action of the schedule through the stations one after the other and records its latency. */
export function runNaive(o: {
  loop: NaiveLoop;
  schedule: Schedule;
  untilMs: number;
  firstMs: number;
  stations: { site: string; station: Station }[];
  histogram: Histogram;
}): number {
  const { loop, schedule, histogram } = o;
  const sites = o.stations.map((s) => keyOf(s.site));
  let requests = 0;
  const arrive = () => {
    const began = loop.now;
    const key = mix(schedule.key, 1);
    requests++;
    const through = (k: number) => {
      const stage = o.stations[k];
      if (stage === undefined) histogram.record(Math.round((loop.now - began) * 1000));
      else stage.station(mix(key, sites[k] as number), () => through(k + 1));
    };
    loop.at(loop.now + o.firstMs, () => through(0));
    if (schedule.next() && schedule.at_ms <= o.untilMs) loop.at(schedule.at_ms, arrive);
  };
  if (schedule.next()) loop.at(schedule.at_ms, arrive);
  loop.run();
  return requests;
}
