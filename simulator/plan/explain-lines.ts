import type { Plan } from '../domain/plan.ts';
import { type Explanation, explain, type Hop } from './explain.ts';

/** What `explain NAME --strategy S` prints: placements, sizes, every hop, every parameter with its source. */
export function explainLines(plan: Plan): string[] {
  const e = explain(plan);
  const wide = (rows: readonly { subject: string; placed: string }[]) => ({
    subject: Math.max(0, ...rows.map((row) => row.subject.length)),
    placed: Math.max(0, ...rows.map((row) => row.placed.length)),
  });
  const placed = wide(e.placements);
  const sized = wide(e.sizes);
  return [
    `${e.scenario} under ${e.strategy}`,
    `  ${e.description}`,
    '',
    'Where it runs',
    ...e.placements.map(
      (d) => `  ${d.subject.padEnd(placed.subject)}  ${d.placed.padEnd(placed.placed)}  ${d.rule}: ${d.because}`,
    ),
    '',
    'How large',
    ...e.sizes.map((d) => `  ${d.subject.padEnd(sized.subject)}  ${d.placed.padEnd(sized.placed)}  ${d.because}`),
    '',
    ...(e.known.length === 0 ? [] : ['What controllers know of earlier evenings', ...e.known.flatMap(knownLines), '']),
    'Operations',
    ...e.operations.flatMap(({ name, hops }) => [`  ${name}`, ...hops.map(hopLine)]),
    '',
    'Events',
    ...e.consumers.flatMap(({ name, hops }) => [`  ${name}`, ...hops.map(hopLine)]),
    '',
    ...(e.faults.length === 0 ? [] : ['Faults', ...e.faults.flatMap(faultLines), '']),
    'Parameters',
    ...e.parameters.flatMap((p) => [`  ${p.path} = ${p.value} ${p.unit} (${p.kind})`, `      ${p.source}, ${p.date}`]),
  ];
}

function knownLines({ pool, history, patience }: Explanation['known'][number]): string[] {
  return [`  ${pool}  ${history}`, `      ${patience}`];
}

function faultLines({ text, times, acts, how }: Explanation['faults'][number]): string[] {
  return [`  ${text} ${times}, ${acts}`, `      ${how}`];
}

function hopLine(hop: Hop): string {
  const where = hop.where === '' ? '' : ` -> ${hop.where}`;
  const latency = hop.latency === '' ? '' : `  [${hop.latency}]`;
  return `    ${'  '.repeat(hop.depth)}${hop.what}${where}${latency}`;
}
