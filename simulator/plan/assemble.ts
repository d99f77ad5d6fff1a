import type { Plan } from '../domain/plan.ts';
import type { Problem } from '../domain/problem.ts';
import type { Parameter } from '../domain/sourced.ts';
import { demandPaths, measuredOf } from './calibrated.ts';
import { brokerDecision } from './channel-parts.ts';
import type { Placements } from './compile.ts';
import { storeParts } from './data-parts.ts';
import { placementDecisions, postgresDecision } from './decisions.ts';
import { noteHistory } from './history.ts';
import { hitRatios } from './hit-ratios.ts';
import { partsOf } from './parts.ts';
import { planOf } from './plan-of.ts';
import { ratesOf } from './rates.ts';
import { size } from './size.ts';
import { Values } from './values.ts';

/** Makes the parts, sizes them, and resolves every name to an index. */
export function assemble(o: Placements): { plan: Plan } | { problems: Problem[] } {
  const measured = measuredOf(o.scenario.calibration);
  const values = new Values(o.scenario.parameters, measured);
  for (const path of demandPaths(o.scenario)) values.settle(path, measured.get(path) as Parameter);
  const hits = hitRatios({ ...o, application: o.scenario.application, rate: o.load.first });
  const rates = ratesOf({ ...o, application: o.scenario.application, missRatio: (edge) => 1 - (hits.get(edge) ?? 0.5) });
  const data = storeParts({ stores: o.stores, values, rates, peak: o.load.peak });
  if (data.problems.length > 0) return { problems: data.problems };
  const parts = partsOf(o, values, { rates, data });
  for (const [edge, ratio] of hits) noteHitRatio(values, edge, ratio);
  if (o.scenario.history) noteHistory(values, o.scenario.history);
  const sizes = size({ placements: o, parts, rates, values, hits });
  const decisions = [
    ...placementDecisions(o, parts),
    ...(data.postgres === undefined ? [] : [postgresDecision(data.postgres)]),
    ...(parts.broker === undefined ? [] : [brokerDecision(parts.broker)]),
    ...sizes,
  ];
  return { plan: planOf(o, parts, { values, decisions }) };
}

function noteHitRatio(values: Values, edge: string, ratio: number): void {
  values.settle(`sizing.${edge}.hit_ratio`, {
    value: Math.round(ratio * 1000) / 1000,
    unit: 'share',
    source: 'sizing only: Zipf popularity and time to live at the first rate; the run itself keeps every row with its age',
    date: '2026-11-24',
    kind: 'assumed',
    range: [0, 1],
  });
}
