import type { Leg } from '../../domain/leg.ts';

/** What one process did of one action. */
export interface Stay {
  on: string;
  action: number;
  legs: Leg[];
}

/** Legs by process and action: what belongs to one piece of work, unless a process worked on several messages of one action. */
export class Stays {
  private readonly byKey = new Map<string, Stay>();
  private readonly byAction = new Map<number, Stay[]>();

  constructor(legs: readonly Leg[]) {
    for (const leg of legs) this.add(leg);
  }

  /** Where the component of a call was worked on; nothing when that is not the only piece of work of its kind. */
  workOf(component: number, action: number): Stay | undefined {
    const found = (this.byAction.get(action) ?? []).filter((s) => s.legs.some((l) => l.leg === 'work' && l.of === component));
    return found.length === 1 && sum(found[0] as Stay, 'work', component).count === 1 ? found[0] : undefined;
  }

  all(): IterableIterator<Stay> {
    return this.byKey.values();
  }

  private add(leg: Leg): void {
    const key = `${leg.on} ${leg.action}`;
    const stay = this.byKey.get(key) ?? { on: leg.on, action: leg.action, legs: [] };
    if (!this.byKey.has(key)) {
      this.byKey.set(key, stay);
      this.byAction.set(leg.action, [...(this.byAction.get(leg.action) ?? []), stay]);
    }
    stay.legs.push(leg);
  }
}

/** Legs of a kind in one stay, added up; of one thing only where `of` is given. */
export function sum(stay: Stay, kind: Leg['leg'], of?: number): { ms: number; count: number } {
  const found = stay.legs.filter((l) => l.leg === kind && (of === undefined || l.of === of));
  return { ms: found.reduce((total, l) => total + l.ms, 0), count: found.length };
}

/** What a stay spent on things that have models of their own: the core and the wait for it, third parties, stores, channels, calls. */
export function modelled(stay: Stay): number {
  return (['core', 'cpu', 'io', 'read', 'write', 'send', 'call'] as const).reduce((total, kind) => total + sum(stay, kind).ms, 0);
}
