import { type GateReport, mayBeWorse } from '../../simulator/domain/gate.ts';
import { byStanding, checkWords, lineWords, sentenceOf } from './words.ts';

/** GitHub shows ten annotations of a kind for one step; the rest would vanish without a word. */
const SHOWN = 9;

/** Lines that GitHub Actions turns into annotations: an error for each thing that is worse, a warning for each that is too noisy to tell. */
export function gateAnnotations(report: GateReport): string {
  const title = `gate ${report.scenario}`;
  const worse = [
    ...report.checks.filter((one) => one.standing === 'worse').map(checkWords),
    ...report.lines.filter((one) => one.standing === 'worse').map(lineWords),
    ...byStanding(report, 'worse').map(sentenceOf),
  ];
  const unclear = [
    ...report.lines.filter((one) => one.standing === 'unknown').map(lineWords),
    ...(report.outcome === 'unclear' ? byStanding(report, 'unclear').filter(mayBeWorse).map(sentenceOf) : []),
  ];
  const lines = [...annotated('error', title, worse), ...annotated('warning', title, unclear)];
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function annotated(kind: 'error' | 'warning', title: string, texts: readonly string[]): string[] {
  const more = texts.length - SHOWN;
  const shown = [...texts.slice(0, SHOWN), ...(more > 0 ? [`and ${more} more; the gate's own output has all`] : [])];
  return shown.map((text) => `::${kind} title=${property(title)}::${data(text)}`);
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
