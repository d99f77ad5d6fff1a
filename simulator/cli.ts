import { runCommandLine } from './cli/command-line.ts';
import { watchEnds } from './cli/ends.ts';

const stop = new AbortController();
watchEnds(stop);
const code = await runCommandLine(process.argv.slice(2), stop.signal);
process.exitCode ??= code;
