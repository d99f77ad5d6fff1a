import { liveLines } from '../../live-lines.ts';
import { SATURATION_HEAD, saturationRows } from '../../saturation.ts';
import { capital } from '../../text.ts';
import { html } from '../markup.ts';
import type { Page, Section } from '../parts.ts';
import { num, table } from '../table.ts';

/** Where a live run ran, what it sustained where that was asked, and how well its driver kept its times; empty for a virtual one. */
export function where({ report }: Page): Section {
  const lines = liveLines(report).map((line) => html`<li>${capital(line)}</li>`);
  const rows = saturationRows(report).map(([strategy = '', ...figures]) => [strategy, ...figures.map((figure) => num(figure))]);
  const [first, ...others] = SATURATION_HEAD.map(capital);
  const head = [first as string, ...others.map((text) => num(text))];
  const saturation = rows.length > 0 ? table({ label: 'Throughput at saturation', kind: '', head, rows }) : '';
  const body = lines.length > 0 ? html`${saturation}<ul>${lines}</ul>` : '';
  return {
    id: 'where',
    short: 'Machine',
    title: rows.length > 0 ? 'Throughput at saturation, and where it ran' : 'Where it ran',
    body,
  };
}
