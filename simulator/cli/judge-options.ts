import type { Command } from 'commander';
import { Option } from 'commander';
import { refuseExtra, refuseSwallowed } from './swallowed.ts';

/** Words of `judge`, as commander hands them over. */
export interface JudgeWords {
  traces?: string;
  scenario?: string;
  controllers?: string;
  lag?: string;
  kappa?: string;
  model?: string;
  leaveOneOut?: boolean;
  strategy?: string;
  seeds?: string;
  minutes?: string;
  json?: string;
  stable?: boolean;
  threads?: string;
  quiet?: boolean;
}

/** Every option of `judge`, in the order in which help lists them. */
export function judgeOptions(): Option[] {
  return [
    new Option('--traces <folder>', 'every timestamp,value CSV of a folder: one load series each, on a regular grid'),
    new Option('--scenario <name>', 'or a scenario: every controller in the virtual world'),
    new Option('--controllers <names>', 'only these, separated by commas (default: all)'),
    new Option('--lag <steps>', 'traces: steps from an order until the instance is ready (default: 120 s)'),
    new Option('--kappa <k>', 'traces: what a missing instance costs against one that is there (default: 20)'),
    new Option('--model <file>', 'traces: also ai with this network of `train` among its experts, as ai-neural'),
    new Option('--leave-one-out', 'traces: the same, each time with a network trained on all the other traces'),
    new Option('--strategy <names>', 'scenario: placements (default: hybrid where the scenario has it)'),
    new Option('--seeds <n>', 'scenario: how many seeds'),
    new Option('--minutes <n>', 'scenario: only the busiest window of this length'),
    new Option('--json <file>', 'all figures as data'),
    new Option('--stable', 'leave out what depends on the machine or the clock'),
    new Option('--threads <n>', 'worker threads (default: one per core)'),
    new Option('--quiet', 'no progress, only the result'),
  ];
}

const JUDGE_EXAMPLES = `
Traces: an instance serves the mean of the first 70 % / 16; policies are tuned on the first 70 % and judged on the rest, by the cost of instances
and ${'`kappa`'} times those that are missing, over the cost of somebody who knew the load. Traces from 1,400 points on count in the means.

Examples:
  npm run judge -- --traces my-traces
  npm run judge -- --traces my-traces --controllers reactive,target-utilization --kappa 5 --json judgement.json
  npm run judge -- --traces my-traces --controllers ai --leave-one-out
  npm run judge -- --scenario hello --minutes 2 --seeds 1

Exit codes: 0 judged (a scenario: at least one row meets everything), 1 no row of the scenario meets everything, 2 the input is wrong, 3 the file cannot
be written or TensorFlow.js is missing (npm run setup), 4 no trace is long enough to count.`;

/** `judge --traces DIR` or `judge --scenario NAME`. */
export function addJudge(
  program: Command,
  o: { words: readonly string[]; signal: AbortSignal; ended(code: number): void },
): void {
  const command = program
    .command('judge')
    .description('every controller against somebody who knew the load: on recorded traces, or in a scenario');
  for (const option of judgeOptions()) command.addOption(option);
  command
    .addHelpText('after', JUDGE_EXAMPLES)
    .allowExcessArguments(true)
    .action(async (options: JudgeWords, made: Command) => {
      const known = judgeOptions().map((option) => ({ name: option.name(), isValued: option.required }));
      refuseSwallowed({ env: process.env, command: 'judge', words: o.words.slice(1), options: known });
      refuseExtra(made.args);
      o.ended(await (await import('./judge.ts')).judgeCommand(options, o.signal));
    });
}
