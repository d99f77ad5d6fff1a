import { type Command, Option } from 'commander';
import { type ScenarioWords, scenarioOptions } from './scenario-options.ts';
import { refuseExtra, refuseSwallowed } from './swallowed.ts';

/** Words of `gate`, as commander hands them over. */
export interface GateWords extends ScenarioWords {
  baseline?: string;
  against?: string;
  update?: boolean;
  allowMissing?: boolean;
  threshold: string[];
  tolerance?: string;
}

/** Options of `scenario` that say what is played. */
const PLAYED = [
  'strategy',
  'controller',
  'rate',
  'seed',
  'seeds',
  'duration',
  'minutes',
  'set',
  'fault',
  'world',
  'stack',
  'threads',
];

const repeat = (value: string, before: string[]) => [...before, value];

/** Every option of `gate`, in the order in which help lists them. */
export function gateOptions(): Option[] {
  return [
    new Option('--baseline <file>', 'what it should be, as --update wrote it (default: baselines/<scenario>.json)'),
    new Option('--against <git-ref>', 'compare with what this branch, tag or commit does, played now on this machine'),
    new Option('--update', 'write the baseline and say what changed; compares nothing'),
    new Option('--allow-missing', 'exit 0 where there is no baseline yet; nothing is played or written'),
    new Option(
      '--threshold <line>',
      "every placement must meet it: 'read p95 <= 120 ms', 'cost_per_million <= baseline * 1.05', 'lost == 0'; repeatable",
    )
      .argParser(repeat)
      .default([], 'nothing'),
    new Option('--tolerance <percent>', 'smaller changes are none (default: 1 %; live, what must be visible: 25 %)'),
    new Option('--require <strategy>', 'this one must also meet everything that the scenario asks for'),
    ...scenarioOptions().filter((option) => PLAYED.includes(option.name())),
    new Option('--out <dir>', 'where page, gate.json, gate.md and junit.xml go (default: reports/runs/<scenario>-gate)'),
    new Option('--json', 'what was found as JSON on standard output, and nothing else there'),
    new Option('--quiet', 'no progress, only the result'),
  ];
}

const GATE_EXAMPLES = `
Examples:
  npm run gate hello -- --update
  npm run gate hello
  npm run gate hello -- --threshold 'read p99 <= baseline * 1.05' --threshold 'cost_per_million <= 4.10'
  npm run gate hello -- --against main
  npm run gate hello -- --world live --against main

A measure is worse only when it changed by more than its tolerance and by more
than the noise. What the baseline was made with (--seeds, --minutes and so on)
is played again unless said otherwise; with --against, --set is for this side only.

Exit codes: 0 nothing is worse, 1 something is, 2 the input is wrong or there is no baseline,
3 something needed is missing, 4 too noisy to tell.`;

/** `gate NAME`: a regression fails, and noise does not. */
export function addGate(program: Command, o: { words: readonly string[]; signal: AbortSignal; ended(code: number): void }): void {
  const command = program
    .command('gate')
    .argument('<name|file>', 'a scenario')
    .description('plays a scenario, compares with a baseline, and fails when something got worse: for CI');
  for (const option of gateOptions()) command.addOption(option);
  command
    .addHelpText('after', GATE_EXAMPLES)
    .allowExcessArguments(true)
    .action(async (name: string, options: GateWords, made: Command) => {
      const known = gateOptions().map((option) => ({ name: option.name(), isValued: option.required }));
      refuseSwallowed({ env: process.env, command: 'gate', words: o.words.slice(1), options: known });
      refuseExtra(made.args.slice(1));
      o.ended(await (await import('./gate.ts')).gateCommand(name, options, o.signal));
    });
}

/** What a live gate starts of both versions; nobody types it, so that help does not list it. */
export function addGateSide(program: Command, signal: AbortSignal): void {
  program.command('gate-side', { hidden: true }).action(async () => (await import('./gate-side.ts')).gateSide(signal));
}
