import type { StrategyReport } from '../../../simulator/domain/report.ts';
import type { Row } from '../../rows.ts';
import { html, type Markup } from '../markup.ts';
import { folded, named, type Page, type Section } from '../parts.ts';
import { table } from '../table.ts';

/** Rule of decisions about how many, not where: they differ by pool and are told below, strategy by strategy. */
const SIZING = 'fair sizing';

/** Where every part went under every strategy, and the rule that sent it there. */
export function placement({ rows }: Page): Section {
  const distinct = rows.filter(
    (row, i) => rows.findIndex((other) => other.strategy.name === row.strategy.name) === i && row.strategy.decisions.length > 0,
  );
  const placements = distinct.flatMap((row) => row.strategy.decisions.filter((decision) => decision.rule !== SIZING));
  const subjects = [...new Set(placements.map((decision) => decision.subject))];
  const grid = table({
    label: 'Placement of every part by strategy',
    kind: 'small tight',
    head: ['Part', ...distinct.map((row) => ({ text: named(row) }))],
    rows: subjects.map((subject) => [html`<bdi>${subject}</bdi>`, ...distinct.map((row) => placed(row.strategy, subject))]),
  });
  return {
    id: 'placement',
    short: 'Placement',
    title: 'What runs where',
    body: subjects.length === 0 ? '' : html`${grid}${distinct.map(rules)}`,
  };
}

function placed(strategy: StrategyReport, subject: string): string {
  return strategy.decisions
    .filter((decision) => decision.subject === subject)
    .map((decision) => decision.placed)
    .join('; ');
}

function rules(row: Row): Markup {
  const body = table({
    label: `Rules that placed the parts of ${row.label}`,
    kind: 'small text',
    head: ['Part', 'Placed on', 'Rule', 'Because'],
    rows: row.strategy.decisions.map((decision) => [
      html`<bdi>${decision.subject}</bdi>`,
      decision.placed,
      decision.rule,
      decision.because,
    ]),
  });
  return folded(html`${named(row)} <span class="note">${row.strategy.description}</span>`, body);
}
