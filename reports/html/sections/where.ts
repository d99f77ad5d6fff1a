import { liveLines } from '../../live-lines.ts';
import { capital } from '../../text.ts';
import { html } from '../markup.ts';
import type { Page, Section } from '../parts.ts';

/** Where a live run ran, and how well its driver kept its times; empty for a virtual one. */
export function where({ report }: Page): Section {
  const lines = liveLines(report).map((line) => html`<li>${capital(line)}</li>`);
  return { id: 'where', short: 'Machine', title: 'Where it ran', body: lines.length > 0 ? html`<ul>${lines}</ul>` : '' };
}
