import type { Command } from 'commander';
import { refuseExtra, refuseSwallowed } from './swallowed.ts';

const COMPARE_EXAMPLES = `
Examples:
  npm run scenario hello -- --out reports/runs/before
  npm run scenario hello -- --set application.components.page.cpu_ms=20 --out reports/runs/after
  npm run compare reports/runs/before/report.json reports/runs/after/report.json
  npm run --silent compare before.json after.json -- --json

Exit codes: 0 when both could be read, whatever differs; 2 when one could not.`;

/** `compare A.json B.json`: two report files side by side. */
export function addCompare(program: Command, words: readonly string[]): void {
  program
    .command('compare')
    .argument('<A.json>', 'a report.json')
    .argument('<B.json>', 'another one, of the same scenario or not')
    .description('two reports side by side: what changed in scenario, parameters and placements, and what came out differently')
    .option('--json', 'the comparison as data, and nothing else on standard output')
    .addHelpText('after', COMPARE_EXAMPLES)
    .allowExcessArguments(true)
    .action(async (a: string, b: string, options: { json?: boolean }, made: Command) => {
      const known = [{ name: 'json', isValued: false }];
      refuseSwallowed({ env: process.env, command: 'compare', words: words.slice(1), options: known });
      refuseExtra(made.args.slice(2));
      await (await import('./compare.ts')).compareCommand(a, b, options);
    });
}
