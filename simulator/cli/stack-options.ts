import { Argument, type Command, Option } from 'commander';
import type { StackVerb, StackWords } from './stack.ts';
import { refuseSwallowed } from './swallowed.ts';

const EXAMPLES = `
Profiles: localstack (the default) or ministack as the AWS endpoint; gpu and observe beside it. compose/README.md says what each can do.
A live run with --stack compose uses the stack that is up, or brings up one of its own and takes it down in the end.

Examples:
  npm run stack up
  npm run stack up -- --profile ministack,observe
  npm run stack status
  npm run stack logs worker
  npm run stack down

Exit codes: 0 done, 2 the input is wrong, 3 Docker, Compose or an image is missing, or a container does not become healthy.`;

/** `stack up|down|status|logs`. */
export function addStack(program: Command, o: { words: readonly string[] }): void {
  const options = [
    new Option('--profile <names>', 'up: which AWS endpoint, and what beside it (default: COMPOSE_PROFILES of compose/.env)'),
    new Option('--lines <n>', 'logs: how many of each container (default: 20)'),
    new Option('--quiet', 'no progress'),
  ];
  const command = program
    .command('stack')
    .addArgument(new Argument('<what>').choices(['up', 'down', 'status', 'logs']))
    .argument('[services...]', 'logs: only of these')
    .description('the containers of the live world: brings them up, takes them down, tells of them')
    .addHelpText('after', EXAMPLES);
  for (const option of options) command.addOption(option);
  command.action(async (verb: StackVerb, services: string[], words: StackWords) => {
    const known = options.map((option) => ({ name: option.name(), isValued: option.required }));
    refuseSwallowed({ env: process.env, command: 'stack', words: o.words.slice(1), options: known });
    await (await import('./stack.ts')).stackCommand(verb, { ...words, services });
  });
}
