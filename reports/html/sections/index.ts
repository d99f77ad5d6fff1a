import type { Page, Section } from '../parts.ts';
import { comparison } from './comparison.ts';
import { correctness } from './correctness.ts';
import { cost } from './cost.ts';
import { gate } from './gate.ts';
import { latency } from './latency.ts';
import { load } from './load.ts';
import { method } from './method.ts';
import { objectives } from './objectives.ts';
import { overTime } from './over-time.ts';
import { placement } from './placement.ts';
import { scaling } from './scaling.ts';
import { sensitivity } from './sensitivity.ts';
import { verdict } from './verdict.ts';
import { waterfall } from './waterfall.ts';
import { where } from './where.ts';

/** The page from top to bottom. A section with an empty body is left out. */
export const SECTIONS: readonly ((page: Page) => Section)[] = [
  gate,
  verdict,
  where,
  comparison,
  load,
  sensitivity,
  objectives,
  correctness,
  latency,
  waterfall,
  overTime,
  scaling,
  cost,
  placement,
  method,
];
