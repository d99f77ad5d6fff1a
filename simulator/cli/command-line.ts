import { Command, CommanderError, type Option } from 'commander';
import { InputError } from '../domain/problem.ts';
import { reportError } from './errors.ts';
import { EXIT } from './exit-codes.ts';
import type { ExplainWords } from './explain.ts';
import { addGate, addGateSide } from './gate-options.ts';
import { addJudge } from './judge-options.ts';
import { addParity } from './parity-options.ts';
import { addCompare, addExport } from './report-commands.ts';
import { LIVE_EXAMPLES, liveOptions, SCENARIO_EXAMPLES, type ScenarioWords, scenarioOptions } from './scenario-options.ts';
import { addStack } from './stack-options.ts';
import { refuseExtra, refuseSwallowed } from './swallowed.ts';
import { addTrain } from './train-options.ts';

const repeat = (value: string, before: string[]) => [...before, value];

/** Runs one command line and returns the exit code; `signal` says that somebody has broken it off. */
export async function runCommandLine(words: readonly string[], signal: AbortSignal): Promise<number> {
  let code: number = EXIT.met;
  const program = new Command('placement-lab')
    .description('Compares placements of an application: latency, cost and correctness from the same traffic.')
    .exitOverride()
    .configureOutput({ outputError: () => undefined });
  try {
    const { versionOf } = await import('./version.ts');
    program.version(versionOf());
    const ended = (end: number) => {
      code = end;
    };
    addScenario(program, async (name, options, extra) => {
      ended(await scenario(name, options, { command: 'scenario', words, extra, signal }));
    });
    addLive(program, async (name, options, extra) => {
      ended(await scenario(name, { ...options, world: 'live' }, { command: 'live', words, extra, signal }));
    });
    program
      .command('list')
      .description('what there is: scenarios, strategies, controllers, arrival shapes, platforms, checks')
      .addHelpText('after', '\nExamples:\n  npm run list\n  placement-lab list')
      .action(async () => console.log((await import('./list.ts')).listText()));
    addExplain(program, words);
    addDoctor(program, words);
    addStack(program, { words });
    addCompare(program, words);
    addExport(program, { words, signal });
    addGate(program, { words, signal, ended });
    addGateSide(program, signal);
    addJudge(program, { words, signal, ended });
    addParity(program, { words, signal, ended });
    addTrain(program, { words, signal });
    program.addHelpText(
      'after',
      '\nExamples:\n  placement-lab scenario social-peak\n  placement-lab live hello\n  placement-lab explain social-peak --strategy hybrid\n  placement-lab compare before.json after.json\n  placement-lab gate social-peak --against main\n  placement-lab judge --traces my-traces\n  placement-lab calibrate\n  placement-lab parity hello\n  placement-lab train --data load.csv\n  placement-lab list\n  placement-lab doctor',
    );
    await program.parseAsync(words, { from: 'user' });
    return code;
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted;
    if (error instanceof CommanderError) return commanderExit(error);
    return reportError(error);
  }
}

type Run = (name: string | undefined, options: ScenarioWords, extra: string[]) => Promise<void>;

function addScenario(program: Command, run: Run): void {
  const command = program
    .command('scenario')
    .description('plays a scenario under every placement and reports')
    .addHelpText('after', SCENARIO_EXAMPLES);
  addNamed(command, scenarioOptions(), run);
}

function addLive(program: Command, run: Run): void {
  const command = program
    .command('live')
    .description('plays a scenario against real parts on this machine: scenario --world live')
    .addHelpText('after', LIVE_EXAMPLES);
  addNamed(command, liveOptions(), run);
}

function addNamed(command: Command, options: readonly Option[], run: Run): void {
  command.argument('[name|file]', 'a shipped scenario, or a .ts, .yaml or .json file; without one, what there is');
  for (const option of options) command.addOption(option);
  // Words too many are judged after npm's habit of swallowing options has been looked for.
  command
    .allowExcessArguments(true)
    .action((name: string | undefined, options: ScenarioWords, made: Command) => run(name, options, made.args.slice(1)));
}

function addExplain(program: Command, words: readonly string[]): void {
  program
    .command('explain')
    .argument('<name|file>', 'a scenario, or a strategy: then that of social-peak')
    .description('the plan of one strategy: where everything runs and by which rule, hops, sizes, parameters with sources')
    .option('--strategy <name>', 'which one (default: hybrid)')
    .option('--set <path=value>', 'change one number first; repeatable', repeat, [])
    .option('--fault <sentence>', 'add a fault first; repeatable', repeat, [])
    .option('--calibration <file>', 'with the numbers that npm run calibrate has measured')
    .option('--json', 'the plan itself')
    .addHelpText(
      'after',
      '\nExamples:\n  npm run explain hybrid-burst\n  npm run explain social-peak -- --strategy hybrid-gpu\n  placement-lab explain hello --set server.page.slots=4',
    )
    .allowExcessArguments(true)
    .action(async (name: string, options: ExplainWords, made: Command) => {
      const known = ['strategy', 'set', 'fault', 'calibration', 'json'].map((option) => ({
        name: option,
        isValued: option !== 'json',
      }));
      refuseSwallowed({ env: process.env, command: 'explain', words: words.slice(1), options: known });
      refuseExtra(made.args.slice(1));
      console.log(await (await import('./explain.ts')).explainText(name, options));
    });
}

function addDoctor(program: Command, words: readonly string[]): void {
  program
    .command('doctor')
    .description('what this machine has for the live world, what each part enables, and how to get what is missing')
    .option('--json', 'the same as data, and nothing else on standard output')
    .addHelpText(
      'after',
      '\nExamples:\n  npm run doctor\n  npm run --silent doctor -- --json\n\nExit code 0, whatever is missing.',
    )
    .allowExcessArguments(true)
    .action(async (options: { json?: boolean }, made: Command) => {
      const known = [{ name: 'json', isValued: false }];
      refuseSwallowed({ env: process.env, command: 'doctor', words: words.slice(1), options: known });
      refuseExtra(made.args);
      console.log(await (await import('./doctor.ts')).doctorText(options));
    });
}

async function scenario(
  name: string | undefined,
  options: ScenarioWords,
  o: { command: 'scenario' | 'live'; words: readonly string[]; extra: readonly string[]; signal: AbortSignal },
): Promise<number> {
  const known = scenarioOptions().map((option) => ({ name: option.name(), isValued: option.required }));
  refuseSwallowed({ env: process.env, command: o.command, words: o.words.slice(1), options: known });
  refuseExtra(o.extra);
  if (name === undefined) {
    console.log((await import('./list.ts')).howToStart());
    return EXIT.met;
  }
  const quiet = options.quiet === true || isQuietForNpm(process.env);
  return (await import('./scenario.ts')).scenarioCommand(name, { ...options, quiet }, o.signal);
}

/** `--quiet` before `--` is npm's own option as well, and a level of logging to us: it is done, not refused. */
function isQuietForNpm(env: NodeJS.ProcessEnv): boolean {
  return env.npm_lifecycle_event !== undefined && env.npm_config_loglevel === 'warn';
}

/** Help and version are no errors; without a word commander has shown what there is; anything else is a bad word. */
function commanderExit(error: CommanderError): number {
  if (error.exitCode === 0) return EXIT.met;
  if (error.code === 'commander.help') return EXIT.input;
  const message = error.message.replace(/^error: /, '').replace(/\n/g, ' ');
  return reportError(new InputError([{ path: 'command line', message, expected: 'what --help lists' }]));
}
