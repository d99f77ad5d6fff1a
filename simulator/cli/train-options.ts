import { type Command, Option } from 'commander';
import { refuseExtra, refuseSwallowed } from './swallowed.ts';

/** Words of `train`, as commander hands them over. */
export interface TrainWords {
  data: string[];
  scenario?: string;
  days?: string;
  step?: string;
  seed?: string;
  out?: string;
  json?: boolean;
  quiet?: boolean;
}

const repeat = (value: string, before: string[]) => [...before, value];

function trainOptions(): Option[] {
  return [
    new Option('--data <file>', 'earlier load as timestamp,value CSV on a regular grid; repeatable')
      .argParser(repeat)
      .default([]),
    new Option('--scenario <name>', 'or a scenario: earlier evenings of its workload, those of its history first'),
    new Option('--days <n>', 'scenario: how many earlier days (default: 14)'),
    new Option('--step <s>', 'scenario: seconds of a step (default: 60)'),
    new Option('--seed <n>', 'of first weights and of the order of examples (default: 1)'),
    new Option('--out <file>', 'where the weights go (default: neural.json)'),
    new Option('--json', 'the comparison as data, and nothing else on standard output'),
    new Option('--quiet', 'no progress, only the result'),
  ];
}

const EXAMPLES = `
Trains on the first 85 % of the load, looks at the last 17 % of that to know when to stop, and says on the remaining 15 % what the network is worth
beside the last value, ridge-AR and the mean of all forecasters. Then give it to \`ai\`, which follows it as far as it has proved right:

Examples:
  npm run train -- --data load.csv --out load.json
  npm run train -- --scenario social-peak --days 7
  npm run scenario social-peak -- --set controller.name=ai --set controller.options.model=neural.json
  npm run judge -- --traces my-traces --model load.json

Exit codes: 0 trained, whatever it is worth, 2 the input is wrong, 3 TensorFlow.js is missing (npm run setup) or the file cannot be written.`;

/** `train --data FILE` or `train --scenario NAME`. */
export function addTrain(program: Command, o: { words: readonly string[]; signal: AbortSignal }): void {
  const command = program
    .command('train')
    .description('a neural network of quantiles from your own earlier load, for the controller ai');
  for (const option of trainOptions()) command.addOption(option);
  command
    .addHelpText('after', EXAMPLES)
    .allowExcessArguments(true)
    .action(async (options: TrainWords, made: Command) => {
      const known = trainOptions().map((option) => ({ name: option.name(), isValued: option.required }));
      refuseSwallowed({ env: process.env, command: 'train', words: o.words.slice(1), options: known });
      refuseExtra(made.args);
      await (await import('./train.ts')).trainCommand(options, o.signal);
    });
}
