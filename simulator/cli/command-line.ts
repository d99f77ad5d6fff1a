import { Command, CommanderError } from 'commander';
import { InputError } from '../domain/problem.ts';
import { reportError } from './errors.ts';
import { EXIT } from './exit-codes.ts';
import { SCENARIO_EXAMPLES, type ScenarioWords, scenarioOptions } from './scenario-options.ts';
import { refuseSwallowed } from './swallowed.ts';

const repeat = (value: string, before: string[]) => [...before, value];

/** Runs one command line and returns the exit code. */
export async function runCommandLine(words: readonly string[]): Promise<number> {
  const stop = new AbortController();
  endQuietlyOnClosedPipe();
  endOnSignal(stop);
  let code: number = EXIT.met;
  const program = new Command('placement-lab')
    .description('Compares placements of an application: latency, cost and correctness from the same traffic.')
    .exitOverride()
    .configureOutput({ outputError: () => undefined });
  try {
    const { versionOf } = await import('./scenario.ts');
    program.version(versionOf());
    scenarioWords(program, async (name, options, extra) => {
      code = await scenario(name, options, { words, extra, signal: stop.signal });
    });
    program
      .command('list')
      .description('what there is: scenarios, strategies, controllers, arrival shapes, platforms, checks')
      .addHelpText('after', '\nExample:\n  npm run list')
      .action(async () => console.log((await import('./list.ts')).listText()));
    program
      .command('explain')
      .argument('<name|file>', 'a scenario')
      .description('the plan of one strategy: where everything runs and by which rule, hops, sizes, parameters with sources')
      .option('--strategy <name>', 'which one (default: hybrid)')
      .option('--set <path=value>', 'change one number first; repeatable', repeat, [])
      .option('--json', 'the plan itself')
      .addHelpText('after', '\nExample:\n  npm run explain social-peak -- --strategy hybrid-gpu')
      .action(async (name: string, options: { strategy?: string; set: string[]; json?: boolean }) => {
        const known = ['strategy', 'set', 'json'].map((option) => ({ name: option, isValued: option !== 'json' }));
        refuseSwallowed({ env: process.env, command: 'explain', words: words.slice(1), options: known });
        console.log(await (await import('./explain.ts')).explainText(name, options));
      });
    program.addHelpText(
      'after',
      '\nExamples:\n  placement-lab scenario social-peak\n  placement-lab explain social-peak --strategy hybrid\n  placement-lab list',
    );
    await program.parseAsync(words, { from: 'user' });
    return code;
  } catch (error) {
    if (stop.signal.aborted) return EXIT.interrupted;
    if (error instanceof CommanderError) return commanderExit(error, program);
    return reportError(error);
  }
}

function scenarioWords(
  program: Command,
  run: (name: string | undefined, options: ScenarioWords, extra: string[]) => Promise<void>,
): void {
  const command = program
    .command('scenario')
    .argument('[name|file]', 'a shipped scenario, or a .ts, .yaml or .json file; without one, what there is')
    .description('plays a scenario under every placement and reports')
    .addHelpText('after', SCENARIO_EXAMPLES);
  for (const option of scenarioOptions()) command.addOption(option);
  // Words too many are judged after npm's habit of swallowing options has been looked for.
  command
    .allowExcessArguments(true)
    .action((name: string | undefined, options: ScenarioWords, made: Command) => run(name, options, made.args.slice(1)));
}

async function scenario(
  name: string | undefined,
  options: ScenarioWords,
  o: { words: readonly string[]; extra: readonly string[]; signal: AbortSignal },
): Promise<number> {
  const known = scenarioOptions().map((option) => ({ name: option.name(), isValued: option.required }));
  refuseSwallowed({ env: process.env, command: 'scenario', words: o.words.slice(1), options: known });
  if (o.extra.length > 0) {
    const expected = 'one scenario; lists are separated by commas without blanks';
    throw new InputError([{ path: 'command line', message: `does not know what to do with '${o.extra.join(' ')}'`, expected }]);
  }
  if (name === undefined) {
    console.log((await import('./list.ts')).howToStart());
    return EXIT.met;
  }
  return (await import('./scenario.ts')).scenarioCommand(name, options, o.signal);
}

/** Help and version are no errors; anything else is a bad word on the command line. */
function commanderExit(error: CommanderError, program: Command): number {
  if (error.exitCode === 0) return EXIT.met;
  if (error.code === 'commander.help') {
    program.outputHelp();
    return EXIT.input;
  }
  const message = error.message.replace(/^error: /, '').replace(/\n/g, ' ');
  return reportError(new InputError([{ path: 'command line', message, expected: 'what --help lists' }]));
}

function endQuietlyOnClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(EXIT.met);
      throw error;
    });
  }
}

/** Ctrl-C ends at once: says so, removes half-written files, leaves finished ones. */
function endOnSignal(stop: AbortController): void {
  const end = (signal: string, code: number) => {
    stop.abort();
    process.stderr.write(
      `\r\u001b[2K\nEnded by ${signal}: nothing was written by this run that is not whole.\n`.replace(
        '\r\u001b[2K',
        process.stderr.isTTY ? '\r\u001b[2K' : '',
      ),
    );
    void import('../run/outputs.ts').then(({ removeUnfinished }) => {
      removeUnfinished();
      process.exit(code);
    });
  };
  process.once('SIGINT', () => end('Ctrl-C', EXIT.interrupted));
  process.once('SIGTERM', () => end('SIGTERM', EXIT.terminated));
}
