import { Option } from 'commander';

/** Words of `scenario`, as commander hands them over. */
export interface ScenarioWords {
  world: string;
  strategy?: string;
  controller?: string;
  seed?: string;
  seeds?: string;
  rate?: string;
  full?: boolean;
  duration?: string;
  minutes?: string;
  set: string[];
  fault: string[];
  calibration?: string;
  require?: string;
  sensitivity?: boolean;
  ledger?: string;
  profile?: string;
  out?: string;
  format?: string;
  json?: boolean;
  stable?: boolean;
  quiet?: boolean;
  open?: boolean;
  threads?: string;
  stack?: string;
  driver?: string;
  connections?: string;
  endpoint?: string;
  aws?: string;
  functions?: string;
  confirmTarget?: string[];
  exact?: boolean;
  /** Which requests are followed span by span; those for the report where nothing is said. No option says it. */
  traces?: 'picked' | 'sampled';
}

const repeat = (value: string, before: string[]) => [...before, value];

/** Every option of `scenario`, in the order in which help lists them. */
export function scenarioOptions(): Option[] {
  return [
    new Option('--strategy <names>', 'placements to compare, separated by commas (default: those of the scenario)'),
    new Option('--controller <names>', 'run every placement under this controller; several are an axis'),
    new Option('--rate <factors>', 'scale session arrivals, such as x2; of x1,x2,x5 the report tells where the winner changes'),
    new Option('--seed <n>', 'first seed (default: 1)'),
    new Option('--seeds <n>', 'how many seeds (default: the scenario says, 5 for most)'),
    new Option('--full', 'the long run that the scenario describes'),
    new Option('--duration <time>', 'only the busiest window of this length, such as 90s or 10m'),
    new Option('--minutes <n>', 'the same in minutes (live: 2 where nothing is said)'),
    new Option('--set <path=value>', 'change one number of the scenario or of a part; repeatable')
      .argParser(repeat)
      .default([], 'nothing'),
    new Option(
      '--fault <sentence>',
      'KIND TARGET [by AMOUNT] at TIME for TIME: something goes wrong; repeatable; kinds: npm run list',
    )
      .argParser(repeat)
      .default([], 'nothing'),
    new Option('--calibration <file>', 'virtual: numbers that npm run calibrate has measured, instead of the defaults'),
    new Option('--require <strategy>', 'exit 0 only if this one meets everything (default: at least one does)'),
    new Option(
      '--sensitivity',
      'halve and double every assumed number and every demand, one at a time, and say what the verdict rests on; ' +
        'rules and sizing are applied again each time (one seed unless --seeds; minutes for a long run, fewer with --minutes)',
    ),
    new Option('--world <world>', 'virtual (simulated) or live (real parts on this machine)').default('virtual'),
    new Option('--stack <name>', 'live: embedded (child processes; the default), compose, endpoint'),
    new Option(
      '--driver <name>',
      'live: own (open loop, the default); k6, which sends the same schedule; autocannon, which sends as much as is answered ' +
        '(closed loop) and tells what each placement sustains at most',
    ),
    new Option('--connections <n>', 'live, with --driver autocannon: how many requests are under way (default: 8 a core)'),
    new Option('--endpoint <url>', 'live: the AWS endpoint of --stack endpoint (default: AWS_ENDPOINT_URL, LOCALSTACK_HOST)'),
    new Option('--aws <backend>', 'live: who answers for AWS: embedded (the default), ministack, or a URL'),
    new Option('--functions <where>', 'live: own (this runtime; the default) or emulator (the AWS endpoint)'),
    new Option(
      '--confirm-target <host>',
      'live: load on this host, which is not this machine, is wanted and yours; repeatable',
    ).argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]),
    new Option('--exact', 'live: refuse a load that this machine cannot do at 60 % instead of scaling it down'),
    new Option('--out <dir>', 'where the report goes (default: reports/runs/<scenario>)'),
    new Option('--format <names>', 'terminal, html, json, markdown, separated by commas (default: all)'),
    new Option(
      '--json',
      "the report's JSON on standard output, and nothing else there; files only with --out, --format or --open",
    ),
    new Option('--stable', 'leave out what depends on the machine or the clock'),
    new Option('--ledger <file>', 'write every effect down, one JSON line each'),
    new Option(
      '--profile <file>',
      'what controllers have learnt: taken from the file, or learnt and written to it where it is not there',
    ),
    new Option('--threads <n>', 'worker threads (default: one per core)'),
    new Option('--quiet', 'no progress, only the result'),
    new Option('--open', 'open the page when it is done'),
  ];
}

/** Options of `live`: those of `scenario` but for the world, which is said already, and what only the virtual world takes. */
export function liveOptions(): Option[] {
  return scenarioOptions().filter((option) => !['world', 'calibration'].includes(option.name()));
}

export const LIVE_EXAMPLES = `
Without more words: the strategy hybrid, one seed, the two busiest minutes, on the embedded stack.

Examples:
  npm run live hello
  npm run live hello -- --strategy all-servers,all-functions --duration 30s
  npm run live social-peak -- --minutes 5 --rate x0.5
  npm run live hello -- --strategy all-functions --aws ministack --functions emulator
  npm run live hello -- --strategy all-functions --stack endpoint --endpoint http://127.0.0.1:4566
  npm run live hello -- --strategy all-servers,hybrid --driver autocannon --minutes 1
  npm run live hello -- --stack embedded --fault 'kill page by 1 at 20s'
  placement-lab live my-shop.yaml --exact

Exit codes: those of scenario; 3 also when a part of the stack does not come up, dies, or the load was sent too late to mean anything.`;

export const SCENARIO_EXAMPLES = `
Examples:
  npm run scenario social-peak
  npm run scenario social-peak -- --strategy hybrid,all-functions --seeds 10
  npm run scenario social-peak -- --rate x1,x2,x5 --minutes 5
  npm run scenario social-peak -- --set application.components.moderation.memory_mb=4096
  npm run scenario social-peak -- --set sqs.moderation.visibility_timeout_s=5 --ledger ledger.ndjson
  npm run scenario hello -- --sensitivity
  npm run scenario social-peak -- --fault 'stop sqs at 600s for 60s' --fault 'kill auth by 50% at 5m'
  npm run --silent scenario hello -- --json --stable > report.json
  npm run scenario hello -- --world live --duration 30s
  placement-lab scenario my-shop.yaml --require hybrid

Exit codes: 0 met, 1 an objective or check failed, 2 the input is wrong, 3 something needed is missing, 4 too few samples to tell.`;
