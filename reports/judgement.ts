import picocolors from 'picocolors';
import type { ForecastMean, Judgement, PolicyMean, PolicyScore, TraceScore } from '../simulator/domain/judgement.ts';
import { NONE, percent } from './figures.ts';
import { type Colours, grid } from './grid.ts';
import { counted, plain } from './text.ts';

/** What the judge says, for a terminal: means over the traces that count, then every trace, then the forecasters. */
export function judgementText(judgement: Judgement, o: { colour: boolean }): string {
  const colours = picocolors.createColors(o.colour);
  const counting = judgement.traces.filter((trace) => trace.counts).length;
  const left = judgement.traces.length - counting;
  const short = left > 0 ? ` ${counted(left, 'trace')} of fewer than 1,400 points below, not in the means.` : '';
  const lag = judgement.lag === null ? 'ready 120 s after the order' : `ready ${counted(judgement.lag, 'step')} after the order`;
  const about = `Cost over that of somebody who knew the load (J/J*), a missing instance at ${judgement.kappa}, ${lag}; lower is better.`;
  const parts = [
    ...(counting > 0
      ? [block(`Mean over ${counted(counting, 'trace')}`, meansGrid(judgement.means.policies, colours), colours)]
      : []),
    about + short,
    ...judgement.traces.map((trace) => block(titleOf(trace), traceGrid(trace.policies, colours), colours)),
    ...(counting > 0 ? [block('Forecasts, mean over the same', forecastGrid(judgement.means.forecasts, colours), colours)] : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

function block(title: string, body: string, colours: Colours): string {
  return `${colours.bold(title)}\n${body}`;
}

function titleOf({ trace, points, step_s, lag, counts }: TraceScore): string {
  const length = `${points.toLocaleString('en-US')} points of ${step_s} s, lag ${counted(lag, 'step')}`;
  return `${plain(trace)}: ${length}${counts ? '' : ', too short to count'}`;
}

function meansGrid(policies: readonly PolicyMean[], colours: Colours): string {
  return grid({
    head: ['', 'J/J*', 'to reactive', 'worst', 'on', 'unserved', 'lost'],
    isText: [true, false, false, false, true, false, true],
    rows: policies.map((p) => [
      p.name,
      ratio(p.cost_ratio),
      ratio(p.to_rival),
      ratio(p.worst.ratio),
      plain(p.worst.trace),
      percent(p.unserved_median),
      p.lost.length === 0 ? 'none' : String(p.lost.length),
    ]),
    colours,
  });
}

function traceGrid(policies: readonly PolicyScore[], colours: Colours): string {
  const rows = [...policies].sort((a, b) => a.cost_ratio - b.cost_ratio);
  return grid({
    head: [
      '',
      'J/J*',
      'to reactive',
      '90 % interval',
      'unserved',
      'theta U/O %',
      'time short',
      'hours',
      'p99 ms',
      'refit ms',
      'tuned to',
    ],
    isText: [true, false, false, false, false, false, false, false, false, false, true],
    rows: rows.map((p) => [
      p.name,
      ratio(p.cost_ratio),
      ratio(p.to_rival),
      `${ratio(p.interval[0])}-${ratio(p.interval[1])}`,
      percent(p.unserved),
      `${short(p.elasticity.theta_under_pct)}/${short(p.elasticity.theta_over_pct)}`,
      percent(p.elasticity.timeshare_under),
      ratio(p.hours),
      p.decision_ms_p99 === undefined ? NONE : p.decision_ms_p99.toFixed(3),
      p.refit_ms_max === undefined ? NONE : p.refit_ms_max.toFixed(0),
      optionsText(p.options),
    ]),
    colours,
  });
}

function forecastGrid(forecasts: readonly ForecastMean[], colours: Colours): string {
  return grid({
    head: ['', 'steps ahead', 'error to last value', 'bound holds within 2 points', 'pinball .95 to ridge-ar'],
    isText: [true, false, false, false, false],
    rows: forecasts.map((f) => [
      f.name,
      String(f.horizon),
      ratio(f.error),
      f.calibrated === null ? NONE : percent(f.calibrated),
      f.pinball_to_reference === null ? NONE : ratio(f.pinball_to_reference),
    ]),
    colours,
  });
}

function ratio(value: number): string {
  return value < 99.95 ? value.toFixed(3) : value.toFixed(0);
}

function short(value: number | undefined): string {
  return value === undefined ? NONE : value.toFixed(1);
}

function optionsText(options: unknown): string {
  if (options === undefined) return '';
  if (typeof options !== 'object' || options === null) return String(options);
  return Object.entries(options)
    .filter(([name]) => name !== 'interval_s')
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}
