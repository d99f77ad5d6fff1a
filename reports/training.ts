import picocolors from 'picocolors';
import type { Worth } from '../simulator/domain/judgement.ts';
import { grid } from './grid.ts';
import { plain } from './text.ts';

/** What a training made, and how it went. */
export interface TrainingAbout {
  file: string;
  backend: string;
  points: number;
  epochs: number;
}

/** What `train` says: what was made, what it is worth beside other forecasters, and a sentence on whether that is much. */
export function trainingText(
  { about, worth }: { about: TrainingAbout; worth: readonly Worth[] },
  o: { colour: boolean },
): string {
  const colours = picocolors.createColors(o.colour);
  const isOne = new Set(worth.map(({ series }) => series)).size === 1;
  const head = [...(isOne ? [] : ['']), '', 'steps ahead', 'error to last value', 'pinball .95', 'within 95 % bound'];
  const rows = worth.flatMap(({ series, name, accuracy }) =>
    accuracy.map((a) => [
      ...(isOne ? [] : [plain(series)]),
      name,
      String(a.horizon),
      a.error.toFixed(3),
      a.pinball.toPrecision(3),
      `${(100 * a.coverage).toFixed(1)} %`,
    ]),
  );
  return `${[
    `Trained on ${about.points.toLocaleString('en-US')} values, best after ${about.epochs} epochs, on ${about.backend}.`,
    `Weights: ${about.file}`,
    '',
    'On the last 15 %, which the training has not seen; lower is better:',
    grid({ head, rows, isText: head.map((text) => text === ''), colours }),
    '',
    verdict(worth),
  ].join('\n')}\n`;
}

/** In how many comparisons the network's bound has less pinball loss than each rival's. */
function verdict(worth: readonly Worth[]): string {
  const own = worth.filter(({ name }) => name === 'neural');
  const better = (rival: string) => {
    const pairs = own.flatMap(({ series, accuracy }) => {
      const other = worth.find((one) => one.name === rival && one.series === series)?.accuracy ?? [];
      return accuracy.flatMap((a, i) => (other[i] === undefined ? [] : [a.pinball < other[i].pinball]));
    });
    return `${rival} in ${pairs.filter(Boolean).length} of ${pairs.length}`;
  };
  const rivals = [...new Set(worth.map(({ name }) => name))].filter((name) => name !== 'neural');
  return `Its bound is better than that of ${rivals.map(better).join(', ')} comparisons. \`ai\` follows it as far as it proves right, so a poor one costs little.`;
}
