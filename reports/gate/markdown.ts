import type { GateMeasure, GateReport } from '../../simulator/domain/gate.ts';
import { escaped, table } from '../markdown.ts';
import { counted, plain, worded } from '../text.ts';
import { againstWords, byStanding, cellsOf, checkWords, lineWords, OUTCOMES, whyTexts } from './words.ts';

const SHOWN = 40;

/** What a gate found, as a comment for a pull request. */
export function gateMarkdown(report: GateReport, o: { page?: string } = {}): string {
  const { mark, word } = OUTCOMES[report.outcome];
  const same = byStanding(report, 'same').length;
  const parts = [
    `## ${mark} ${word}: ${escaped(plain(report.scenario))}`,
    `${report.world} world, against ${escaped(againstWords(report))}.`,
    bullets(report.because),
    section('Worse', tableOf(byStanding(report, 'worse'))),
    section('Better', tableOf(byStanding(report, 'better'))),
    section('Cannot be told apart from noise', tableOf(byStanding(report, 'unclear'))),
    section('Checks', bullets(report.checks.filter((one) => one.standing !== 'same').map(checkWords))),
    section('Lines', bullets(report.lines.filter((one) => one.standing !== 'same').map(lineWords))),
    section('What went in differently', why(report)),
    report.measures.length > 0 ? `${counted(same, 'measure')}: no difference beyond its tolerance.` : '',
    ...report.notes.map(escaped),
    o.page === undefined ? '' : `Both runs over one another: \`${o.page.replaceAll('`', '')}\``,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function section(title: string, body: string): string {
  return body === '' ? '' : `### ${title}\n\n${body}`;
}

function bullets(texts: readonly string[]): string {
  const more = texts.length - SHOWN;
  return [...texts.slice(0, SHOWN).map((text) => `- ${escaped(plain(text))}`), ...(more > 0 ? [`- and ${more} more`] : [])].join(
    '\n',
  );
}

function tableOf(measures: readonly GateMeasure[]): string {
  if (measures.length === 0) return '';
  const rows = measures.map((one) => {
    const { before, now, difference, share, interval } = cellsOf(one);
    return [plain(one.row), worded(one.measure), before, now, `${difference} ${share}`.trim(), interval].map(escaped);
  });
  return table(['Strategy', 'Measure', 'Before', 'Now', 'Now less before', '95 % interval'], rows, 2);
}

function why(report: GateReport): string {
  const texts = whyTexts(report);
  return report.changes.length > 0 ? bullets(texts) : texts.join('');
}
