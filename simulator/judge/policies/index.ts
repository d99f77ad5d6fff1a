import type { ControllerOptions } from '../../domain/controller.ts';
import type { FluidDefinition } from '../../domain/fluid.ts';
import { adapt } from './adapt.ts';
import { ai } from './ai.ts';
import { hist } from './hist.ts';
import { lcp } from './lcp.ts';
import { production } from './production.ts';
import { react } from './react.ts';
import { reg } from './reg.ts';
import { still } from './still.ts';

const DAY_S = 86_400;
const TARGETS = [0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8];
const HEADROOMS = [0.9, 1, 1.05, 1.1, 1.2, 1.35, 1.5, 2];
const MINUTES = [5, 10, 30];

const targets = () => TARGETS.map((target) => ({ target }));

/** Windows of one step and of 5, 10 and 30 minutes, each with every headroom; one decision a step says the same as many. */
function reactiveGrid(step_s: number): ControllerOptions[] {
  const windows = [...new Set([step_s, ...MINUTES.map((minutes) => Math.max(step_s, minutes * 60))])];
  const interval_s = Math.min(3600, step_s);
  return windows.flatMap((window_s) => HEADROOMS.map((headroom) => ({ window_s, headroom, interval_s })));
}

/** A line, or Holt-Winters with an hour or a day as its season; one recommendation a step where a step is longer than its interval. */
function predictiveGrid(step_s: number): ControllerOptions[] {
  const interval_s = Math.max(15, Math.min(3600, step_s));
  const models: ControllerOptions[] = [
    { model: 'linear' },
    ...[3600, DAY_S].filter((season_s) => season_s >= 2 * interval_s).map((season_s) => ({ model: 'holt-winters', season_s })),
  ];
  return models.flatMap((model) => [0.3, 0.4, 0.5, 0.6, 0.7, 0.8].map((target) => ({ ...model, target, interval_s })));
}

/**
 * Every policy that the judge tries, by name: controllers of scenarios, tuned, and rules that are there for comparison alone.
 *
 * Source: grids of the tuning: measured comparison of 2026-11 (reactive: windows and headrooms; targets .2 to .8).
 */
export const POLICIES: Readonly<Record<string, FluidDefinition>> = {
  reactive: production('reactive', { grid: reactiveGrid }),
  ai,
  static: still,
  'target-utilization': production('target-utilization', { grid: targets }),
  'queue-depth': production('queue-depth', { grid: () => TARGETS.map((per_instance) => ({ per_instance })) }),
  'aws-target-tracking': production('aws-target-tracking', { grid: targets }),
  'aws-step-scaling': production('aws-step-scaling', { grid: () => TARGETS.map((threshold) => ({ threshold })) }),
  'aws-predictive-scaling': production('aws-predictive-scaling', { grid: targets }),
  'predictive-hpa': production('predictive-hpa', { grid: predictiveGrid }),
  react,
  adapt,
  hist,
  reg,
  lcp,
} as Readonly<Record<string, FluidDefinition>>;
