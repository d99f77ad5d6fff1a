import type { Usage } from '../domain/cell.ts';
import type { Bill, BillLine } from '../domain/report.ts';
import { FREE_TIER, priceOf, tieredUsd } from '../prices/index.ts';
import { meanOf, tInterval } from './intervals.ts';

const MONTH_HOURS = 730;

/** What a bill is made from: one cell's usage, what it served, and how long its arrivals lasted. */
export interface Billed {
  usage: readonly Usage[];
  served_total: number;
  duration_s: number;
}

/**
 * Usage times prices, line by line: the mean over cells of one run, a month at this load (730 h), and per million served.
 *
 * Lines add up to the total: the total is their sum, in their order. `month_tiered_usd` prices the whole month's quantities of all
 * components together by volume bands, after the free tier, once.
 */
export function billOf(cells: readonly Billed[]): Bill {
  const lines = linesOf(cells);
  const runs = cells.map((cell) => sum(linesOf([cell]).map((line) => line.usd)));
  const perMillion = cells.map((cell, i) => (cell.served_total > 0 ? ((runs[i] as number) / cell.served_total) * 1e6 : null));
  const months = cells.map((cell, i) => (runs[i] as number) * monthFactor(cell));
  const run_usd = sum(lines.map((line) => line.usd));
  const served = meanOf(cells.map((cell) => cell.served_total));
  const factor = cells[0] ? monthFactor(cells[0]) : 0;
  const known = perMillion.filter((value): value is number => value !== null);
  return {
    run_usd,
    per_million_served_usd: served > 0 ? (run_usd / served) * 1e6 : null,
    month_usd: run_usd * factor,
    month_tiered_usd: tieredMonth(lines, factor),
    ci95: { run_usd: tInterval(runs), per_million_served_usd: tInterval(known), month_usd: tInterval(months) },
    by_component: byComponent(lines),
    lines,
  };
}

function monthFactor(cell: Billed): number {
  return (MONTH_HOURS * 3600) / cell.duration_s;
}

/** Quantities of an average cell, priced; the dearest line first, then by name. */
function linesOf(cells: readonly Billed[]): BillLine[] {
  const quantities = new Map<string, { component: string; item: string; quantity: number }>();
  for (const { usage } of cells) {
    for (const { component, item, quantity } of usage) {
      const key = `${component}\n${item}`;
      const known = quantities.get(key) ?? { component, item, quantity: 0 };
      known.quantity += quantity / cells.length;
      quantities.set(key, known);
    }
  }
  const lines = [...quantities.values()].map(({ component, item, quantity }) => {
    const price = priceOf(item);
    const unit = price.unit.replace('USD per ', '');
    return { component, item, quantity, unit, price_usd: price.value, usd: quantity * price.value };
  });
  return lines.sort((a, b) => b.usd - a.usd || order(a.component, b.component) || order(a.item, b.item));
}

function byComponent(lines: readonly BillLine[]): { component: string; usd: number }[] {
  const sums = new Map<string, number>();
  for (const line of lines) sums.set(line.component, (sums.get(line.component) ?? 0) + line.usd);
  return [...sums]
    .map(([component, usd]) => ({ component, usd }))
    .sort((a, b) => b.usd - a.usd || order(a.component, b.component));
}

/** A month with volume bands and free tier, on the quantities of the whole account. */
function tieredMonth(lines: readonly BillLine[], factor: number): number {
  const months = new Map<string, number>();
  for (const line of lines) months.set(line.item, (months.get(line.item) ?? 0) + line.quantity * factor);
  const free = new Map(Object.entries(FREE_TIER).map(([item, amount]) => [item, amount.value]));
  let usd = 0;
  for (const [item, quantity] of months) {
    // Both architectures of functions share one free tier.
    const family = item.startsWith('function-gb-s') ? 'function-gb-s' : item;
    const left = free.get(family) ?? 0;
    const used = Math.min(left, quantity);
    free.set(family, left - used);
    usd += tieredUsd(priceOf(item), quantity - used);
  }
  return usd;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
