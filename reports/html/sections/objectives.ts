import { amount } from '../../figures.ts';
import { measuredValue } from '../../objective-text.ts';
import { html } from '../markup.ts';
import { marked, named, type Page, type Section } from '../parts.ts';
import { num, table } from '../table.ts';

/** Every line that a strategy had to meet, against every strategy. */
export function objectives({ rows }: Page): Section {
  const texts = [...new Set(rows.flatMap((row) => row.strategy.objectives.map((objective) => objective.text)))];
  const grid = table({
    label: 'Objectives by strategy',
    kind: 'first-wide tight',
    head: ['Objective', ...rows.map((row) => num(named(row)))],
    rows: [
      ...texts.map((text) => [
        html`<code>${text}</code>`,
        ...rows.map((row) => {
          const objective = row.strategy.objectives.find((one) => one.text === text);
          return objective === undefined ? '' : marked(objective.met, measuredValue(objective));
        }),
      ]),
      [
        { text: 'Minutes in which a latency objective was violated', kind: 'calm' },
        ...rows.map((row) => num(amount(row.strategy.violation_minutes), 'calm')),
      ],
    ],
  });
  return {
    id: 'objectives',
    short: 'Objectives',
    title: 'Objectives',
    lead: html`An operation that was refused, timed out or failed counts as slower than any limit, so that refusing load never
      meets one.`,
    body: texts.length === 0 ? '' : grid,
  };
}
