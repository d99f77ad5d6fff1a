import { describe, expect, test } from 'vitest';
import { explain } from '../../simulator/plan/explain.ts';
import { explainLines } from '../../simulator/plan/explain-lines.ts';
import { STRATEGIES } from '../../simulator/strategies/index.ts';
import { planOf, scenario } from './fixture.ts';

describe.each(Object.keys(STRATEGIES))('explain %s', (strategy) => {
  const plan = planOf(scenario(), strategy);
  const text = explainLines(plan).join('\n');

  test('names every component, event and dataset with the rule that placed it', () => {
    const { application } = scenario();
    const names = [
      ...Object.keys(application.components),
      ...Object.keys(application.events),
      ...Object.keys(application.datasets),
    ];
    const placed = new Map(explain(plan).placements.map((d) => [d.subject, d]));
    for (const name of names) {
      expect(placed.get(name)?.rule).toMatch(/^rule \d+: /);
      expect(placed.get(name)?.because).not.toBe('');
    }
  });

  test('gives the size of every pool and every function', () => {
    const sized = explain(plan).sizes.map((d) => d.subject);
    for (const part of plan.parts) {
      if (['function', 'server', 'gpu'].includes(part.kind)) expect(sized).toContain(`size of ${part.path}`);
    }
  });

  test('names every part on the way of some hop, and prints every parameter with its source', () => {
    const hops = [...explain(plan).operations, ...explain(plan).consumers]
      .flatMap((o) => o.hops.map((hop) => hop.where))
      .join(' ');
    for (const { kind, path } of plan.parts) if (kind !== 'gateway' && kind !== 'account') expect(hops).toContain(path);
    for (const parameter of plan.parameters) {
      expect(text).toContain(`${parameter.path} = `);
      expect(text).toContain(parameter.source);
    }
  });
});

test('an operation reads as the way that a request takes', () => {
  const lines = explainLines(planOf(scenario(), 'hybrid-gpu'));
  const from = lines.indexOf('  view-feed');
  expect(lines.slice(from, from + 9)).toMatchInlineSnapshot(`
    [
      "  view-feed",
      "    user -> load-balancer  [p50 12, p99 60 ms there, p50 1, p99 5 ms inside]",
      "      look up object, kept 60 s -> edge/edge  [p50 3, p99 15 ms]",
      "        at once",
      "          call auth -> server/auth  [cpu 5 ms]",
      "          call feed -> server/feed  [cpu p50 10, p99 40 ms]",
      "            read feeds of the object -> dynamodb/feeds  [p50 5, p99 12 ms]",
      "            call recommend -> gpu/recommend  [cpu 2 ms; gpu 8 ms]",
      "        show the newest post of the object",
    ]
  `);
});
