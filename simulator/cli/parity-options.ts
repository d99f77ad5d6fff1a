import { type Command, Option } from 'commander';
import { refuseExtra, refuseSwallowed } from './swallowed.ts';

/** Words of `calibrate`, as commander hands them over. */
export interface CalibrateWords {
  strategy?: string;
  minutes?: string;
  rate?: string;
  seed?: string;
  set: string[];
  out?: string;
  drift?: string;
  quiet?: boolean;
}

/** Words of `parity`: those of `calibrate`, and what it compares with what. */
export interface ParityWords extends CalibrateWords {
  calibration?: string;
  calibrateEvery?: string;
  samples?: string;
  workers?: string;
  memory?: string;
  again?: boolean;
  json?: boolean;
}

const repeat = (value: string, before: string[]) => [...before, value];

function commonOptions(): Option[] {
  return [
    new Option('--rate <factor>', 'scale session arrivals (default: as much as keeps a fifth of the cores busy)'),
    new Option('--seed <n>', 'first seed; every block of 20 s has its own (default: 1)'),
    new Option('--set <path=value>', 'change one number of the scenario or of a part; repeatable')
      .argParser(repeat)
      .default([], 'nothing'),
    new Option('--drift <percent>', 'how far the reference burn may move over a block that counts (default: 5)'),
    new Option('--quiet', 'no progress, only the result'),
  ];
}

function calibrateOptions(): Option[] {
  return [
    new Option('--strategy <names>', 'placements to measure, separated by commas (default: all-servers,all-functions)'),
    new Option('--minutes <n>', 'how long each of them is measured (default: 2)'),
    new Option('--out <file>', 'where the calibration goes (default: reports/runs/calibration.json)'),
    ...commonOptions(),
  ];
}

function parityOptions(): Option[] {
  return [
    new Option('--calibration <file>', 'what calibrate has measured (default: reports/runs/calibration.json)'),
    new Option(
      '--calibrate-every <n>',
      'calibrate meanwhile, with a block before each n of those that are compared: for a machine that others use, too',
    ),
    new Option('--strategy <name>', 'the placement to compare (default: all-servers)'),
    new Option('--samples <n>', 'play until every operation has so many (default: 20000 for hello, else what --minutes gives)'),
    new Option('--minutes <n>', 'play so long at most (default: 10, for hello as long as the samples take)'),
    new Option('--workers <n>', 'so many instances more than sizing gives every pool (default: 1)'),
    new Option('--memory <mb>', 'of every function (default: other than sizing gives)'),
    new Option('--out <dir>', 'where blocks and report go (default: reports/runs/parity-<scenario>)'),
    new Option('--again', 'forget the blocks that an earlier call with the same settings has kept there'),
    new Option('--json', 'the result as data on standard output, and nothing else there'),
    ...commonOptions(),
  ];
}

const CALIBRATE_EXAMPLES = `
Measures on this machine, with the real parts of the live world: demands, hops, stores, queues, cold starts, boots. Each number is the time of its own
leg; nothing is fitted to the latency of whole operations. Runs in blocks of 20 s between two reference burns; a block during which the machine's
speed drifted by more than 5 % is played again.

Examples:
  npm run calibrate
  npm run calibrate hello -- --minutes 5 --out quiet-machine.json
  npm run calibrate my-shop.yaml -- --strategy all-servers
  npm run scenario hello -- --calibration reports/runs/calibration.json

Exit codes: 0 written, 2 the input is wrong, 3 a part is missing, 4 the machine was too noisy (more than half of the blocks drifted).`;

const PARITY_EXAMPLES = `
Plays the same plan with the same requests in both worlds, at a rate, a number of instances and a memory size that the calibration has not seen, and
prints p50, p95 and p99 of each operation in both. Aim on a quiet machine: p50 within 5 %, p95 within 10 %, p99 within 15 %.
Blocks are kept in the output folder as they are done: after Ctrl-C the same command goes on where it was.

Examples:
  npm run parity hello
  npm run parity hello -- --minutes 2
  npm run parity hello -- --calibrate-every 10
  npm run parity hello -- --strategy all-functions --memory 1024 --minutes 5
  npm run --silent parity hello -- --minutes 2 --json

Exit codes: 0 every operation within the aims, 1 one is not, 2 the input is wrong, 3 a part is missing, 4 the machine was too noisy (more than half of
the blocks drifted) or there are too few samples to tell.`;

interface Adding {
  words: readonly string[];
  signal: AbortSignal;
  ended(code: number): void;
}

/** `calibrate [NAME]` and `parity NAME`. */
export function addParity(program: Command, o: Adding): void {
  const calibrate = program
    .command('calibrate')
    .argument('[name|file]', 'the scenario whose components are measured (default: hello)')
    .description("measures this machine with the live world's parts, for the virtual world to take")
    .addHelpText('after', CALIBRATE_EXAMPLES);
  const parity = program
    .command('parity')
    .argument('<name|file>', 'a shipped scenario, or a .ts, .yaml or .json file')
    .description('both worlds side by side, at settings that the calibration has not seen')
    .addHelpText('after', PARITY_EXAMPLES);
  add<CalibrateWords>(calibrate, calibrateOptions(), o, async (name, options) =>
    (await import('./calibrate.ts')).calibrateCommand(name ?? 'hello', options, o.signal),
  );
  add<ParityWords>(parity, parityOptions(), o, async (name, options) =>
    (await import('./parity.ts')).parityCommand(name ?? 'hello', options, o.signal),
  );
}

function add<W>(
  command: Command,
  options: Option[],
  o: Adding,
  run: (name: string | undefined, words: W) => Promise<number>,
): void {
  for (const option of options) command.addOption(option);
  command.allowExcessArguments(true).action(async (name: string | undefined, words: W, made: Command) => {
    const known = options.map((option) => ({ name: option.name(), isValued: option.required }));
    refuseSwallowed({ env: process.env, command: command.name(), words: o.words.slice(1), options: known });
    refuseExtra(made.args.slice(1));
    o.ended(await run(name, words));
  });
}
