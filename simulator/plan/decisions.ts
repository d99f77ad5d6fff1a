import type { Decision, Part } from '../domain/plan.ts';
import { channelInWords } from './channel-parts.ts';
import type { Placements } from './compile.ts';
import type { Parts } from './parts.ts';

/** Where everything runs, and why, in words. */
export function placementDecisions(o: Placements, parts: Parts): Decision[] {
  const type = parts.gateway.words.type ?? '';
  const mostly = type === 'http-api' ? 'functions' : 'servers';
  const decisions: Decision[] = [
    { subject: 'gateway', placed: type, rule: 'front door', because: `most calls that operations make go to ${mostly}` },
  ];
  for (const [name, { placement, rule, because }] of o.components) {
    const spot = 'spot' in placement && placement.spot !== undefined ? ' spot' : '';
    const overflow = parts.overflows.has(name) ? ' + function' : '';
    decisions.push({ subject: name, placed: `${inWords(parts.runs.get(name) as Part)}${spot}${overflow}`, rule, because });
  }
  for (const [name, { placement, rule, because }] of o.channels)
    decisions.push({
      subject: name,
      placed: channelInWords(placement, o.scenario.application.events[name]?.ordered_by),
      rule,
      because,
    });
  for (const [name, { placement, rule, because }] of o.stores)
    decisions.push({ subject: name, placed: placement.store, rule, because });
  return decisions;
}

function inWords(part: Part): string {
  return part.words.instance === undefined ? part.kind : `${part.kind} ${part.words.instance}`;
}

/** Why the database has its size. */
export function postgresDecision(o: { instance: string; because: string }): Decision {
  return { subject: 'postgres', placed: o.instance, rule: 'fair sizing', because: o.because };
}
