import type { Population } from '../simulator/domain/application.ts';
import { mix, PURPOSE, uniform } from '../simulator/domain/draws.ts';
import { Sampler } from '../simulator/domain/sampler.ts';
import type { Arrivals, Workload } from '../simulator/domain/workload.ts';
import { ActiveSessions } from './active-sessions.ts';
import { ArrivalStream } from './arrival-stream.ts';
import { presence } from './arrivals/flash-crowd.ts';
import { baseRateAt, rateAt } from './arrivals/index.ts';
import type { KindOf } from './arrivals/shape.ts';
import { cumulative, LEAVE, Markov } from './markov.ts';
import { meanActionNumber, meanActions } from './mix.ts';
import { Zipf } from './popularity.ts';

/** Mean session lengths that the session process begins before the run, so that the run starts in steady state. */
const LEAD = 5;

/** Draw word of a session's first action; the next one is one more. */
const FIRST_ACTION = 0x100;

export interface ScheduleOptions {
  workload: Workload;
  operations: readonly string[];
  users: Population;
  objects: Population;
  seed: number;
  rate: number;
  until_ms: number;
}

/** A crowd that comes for one object: each visitor does one thing and leaves. */
interface Crowd {
  stream: ArrivalStream;
  object: number;
  weights: Float64Array;
}

/**
 * Every action that the workload and a seed intend, in order of time: the one traffic that every strategy and world gets.
 *
 * After `next()` the fields hold one row; nothing is allocated per row. An action depends on the seed, its session and its number in the
 * session only, so a flash crowd leaves all other sessions as they were. `rate` scales session arrivals and nothing else.
 */
export class Schedule {
  at_ms = 0;
  session = 0;
  user = 0;
  operation = 0;
  object = 0;
  /** Number of the row, from 0. */
  index = -1;
  /** Draw key of the action. */
  key = 0;
  /** Number of the action within its session, from 0. */
  action = 0;
  isFirst = true;
  /** True in sessions that began before the run, and for visitors of a flash crowd: what they require has been done. */
  startedBefore = false;
  /** True for visitors of a flash crowd. */
  isVisitor = false;

  private readonly until: number;
  private readonly base: ArrivalStream;
  private readonly crowds: Crowd[];
  private readonly active = new ActiveSessions();
  private readonly markov: Markov;
  private readonly think: Sampler;
  private readonly actionsMax: number;
  private readonly users: Zipf;
  private readonly objects: Zipf;
  private sessions = 0;

  constructor(o: ScheduleOptions) {
    const { sessions, arrivals, process } = o.workload;
    const actions = Math.max(1e-9, meanActions(sessions));
    this.think = new Sampler(sessions.think_ms);
    const lead_s = (LEAD * actions * this.think.mean) / 1000;
    const to_s = o.until_ms / 1000;
    // Actions trail their session's beginning: sessions come that much earlier, so that operations follow the wanted rate.
    const age_s = (meanActionNumber(sessions) * this.think.mean) / 1000;
    const rate = (t_s: number) => (o.rate * baseRateAt(arrivals, Math.min(to_s, Math.max(0, t_s + age_s)))) / actions;
    this.until = o.until_ms;
    this.markov = new Markov(sessions, o.operations);
    this.actionsMax = sessions.actions_max;
    this.users = new Zipf(o.users.count, o.users.zipf);
    this.objects = new Zipf(o.objects.count, o.objects.zipf);
    this.base = new ArrivalStream({ key: mix(o.seed | 0, 0x5e55), process, rate, from_s: -lead_s, to_s });
    this.base.next();
    this.crowds = crowdsOf(arrivals).map((crowd, i) => {
      const extra = (t_s: number) => o.rate * rateAt(crowd.base, t_s) * (crowd.factor - 1) * presence(crowd, t_s);
      const stream = new ArrivalStream({ key: mix(o.seed | 0, 0xc0d + i), process, rate: extra, from_s: 0, to_s });
      stream.next();
      const weights = cumulative(o.operations.map((name) => crowd.operations[name] ?? 0));
      return { stream, object: Math.min(crowd.object, o.objects.count - 1), weights };
    });
  }

  /** Goes to the next action; false after the last. */
  next(): boolean {
    for (;;) {
      const crowd = this.crowds.length === 0 ? undefined : this.earliestCrowd();
      const others = Math.min(this.active.firstAt, crowd?.stream.at_ms ?? Number.POSITIVE_INFINITY);
      if (Math.min(others, this.base.at_ms) > this.until) return false;
      if (this.base.at_ms <= others) {
        if (this.begin()) return true;
      } else if (crowd !== undefined && crowd.stream.at_ms < this.active.firstAt) {
        this.visit(crowd);
        return true;
      } else if (this.act()) return true;
    }
  }

  /** A session begins: its first action is due at once. True when that was also its last, and is the row now. */
  private begin(): boolean {
    const key = this.base.sessionKey;
    const at = this.base.at_ms;
    this.base.next();
    const operation = this.markov.first(uniform(mix(key, PURPOSE.start)));
    if (operation === LEAVE) return false;
    const session = this.sessions++;
    const user = this.rankOf(this.users, key, PURPOSE.user);
    const first = mix(key, FIRST_ACTION);
    const after = this.actionsMax > 1 ? this.markov.after(operation, uniform(mix(first, PURPOSE.next))) : LEAVE;
    if (after !== LEAVE) {
      const { active } = this;
      const row = active.take();
      active.at[row] = at;
      active.session[row] = session;
      active.key[row] = key;
      active.user[row] = user;
      active.operation[row] = operation;
      active.action[row] = 0;
      active.isOld[row] = at < 0 ? 1 : 0;
      active.enter(row);
      return false;
    }
    if (at < 0) return false;
    this.at_ms = at;
    this.session = session;
    this.user = user;
    this.operation = operation;
    this.startedBefore = false;
    this.describe(first, 0);
    return true;
  }

  /** What every row has: its number, its draw key, and the object that it is about. */
  private describe(key: number, action: number): void {
    this.object = this.rankOf(this.objects, key, PURPOSE.object);
    this.index++;
    this.key = key;
    this.action = action;
    this.isFirst = action === 0;
    this.isVisitor = false;
  }

  /** The next action of the session that is first; false when it lies before the run. */
  private act(): boolean {
    const { active } = this;
    const row = active.first;
    const at = active.at[row] as number;
    const number = active.action[row] as number;
    const operation = active.operation[row] as number;
    const key = mix(active.key[row] as number, number + FIRST_ACTION);
    const isInRun = at >= 0;
    if (isInRun) {
      this.at_ms = at;
      this.session = active.session[row] as number;
      this.user = active.user[row] as number;
      this.operation = operation;
      this.startedBefore = active.isOld[row] === 1;
      this.describe(key, number);
    }
    const after = this.markov.after(operation, uniform(mix(key, PURPOSE.next)));
    if (after === LEAVE || number + 1 >= this.actionsMax) active.leave();
    else {
      const think = this.think.isConstant ? this.think.mean : this.think.at(uniform(mix(key, PURPOSE.think)));
      active.at[row] = at + think;
      active.operation[row] = after;
      active.action[row] = number + 1;
      active.settle();
    }
    return isInRun;
  }

  /** A visitor of a crowd does one thing. */
  private visit(crowd: Crowd): void {
    const key = mix(crowd.stream.sessionKey, FIRST_ACTION);
    const u = uniform(mix(key, PURPOSE.next));
    let operation = 0;
    while (operation < crowd.weights.length - 1 && u >= (crowd.weights[operation] as number)) operation++;
    this.at_ms = crowd.stream.at_ms;
    this.session = this.sessions++;
    this.user = this.rankOf(this.users, key, PURPOSE.user);
    this.operation = operation;
    this.object = crowd.object;
    this.index++;
    this.key = key;
    this.action = 0;
    this.isFirst = true;
    this.startedBefore = true;
    this.isVisitor = true;
    crowd.stream.next();
  }

  private earliestCrowd(): Crowd | undefined {
    let first: Crowd | undefined;
    for (const crowd of this.crowds) if (first === undefined || crowd.stream.at_ms < first.stream.at_ms) first = crowd;
    return first;
  }

  private rankOf(law: Zipf, of: number, purpose: number): number {
    if (law.count === 1) return 0;
    const key = mix(of, purpose);
    for (let attempt = 0; attempt < 64; attempt++) {
      const rank = law.tryOnce(uniform(attempt === 0 ? key : mix(key, attempt)));
      if (rank >= 0) return rank;
    }
    return 0;
  }
}

/** Flash crowds of a load, the outermost first. */
function crowdsOf(arrivals: Arrivals): KindOf<'flash-crowd'>[] {
  return arrivals.kind === 'flash-crowd' ? [arrivals, ...crowdsOf(arrivals.base)] : [];
}
