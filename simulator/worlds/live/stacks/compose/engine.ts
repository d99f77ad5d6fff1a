import { execFile } from 'node:child_process';
import { InputError, UnavailableError } from '../../../../domain/problem.ts';

/** The oldest Compose that knows all of compose.yaml and cpu.yaml: `!override` and `required: false`. */
const COMPOSE_MIN = [2, 24] as const;
const ANSWER_MS = 10_000;
const HOW_TO_GET = 'https://docs.docker.com/engine/install';

export interface EngineVersions {
  engine: string;
  compose: string;
}

/**
 * Versions of the Docker engine and of Compose.
 *
 * Throws: UnavailableError that says which is missing or too old, and what to do.
 */
export async function engineVersions(env: NodeJS.ProcessEnv = process.env): Promise<EngineVersions> {
  const engine = await docker(['version', '--format', '{{.Server.Version}}'], env).catch((error: Failed) => {
    if (error.code === 'ENOENT')
      throw new UnavailableError(
        `Docker is not installed: ${HOW_TO_GET}; or use --stack embedded, which needs none. docker-compose 1.29 and podman-compose 1.0 ` +
          'cannot take its place: they know neither `name:` nor profiles that depend on each other, and cannot wait for health',
      );
    throw new UnavailableError(
      `no Docker engine answers (${lastLine(error)}): start it, or let this user reach it (docker context ls, DOCKER_HOST); ` +
        'or use --stack embedded, which needs none',
    );
  });
  const compose = await docker(['compose', 'version', '--short'], env).catch(() => {
    throw new UnavailableError(
      'Docker is here, and its Compose plugin is not (`docker compose version` fails; the older docker-compose 1.29 does not do): ' +
        'https://docs.docker.com/compose/install',
    );
  });
  const version = compose.replace(/^v/, '');
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < COMPOSE_MIN[0] || (major === COMPOSE_MIN[0] && minor < COMPOSE_MIN[1]))
    throw new UnavailableError(
      `Docker Compose ${version} is too old: ${COMPOSE_MIN.join('.')} or later is needed, https://docs.docker.com/compose/install`,
    );
  return { engine, compose: version };
}

type Failed = Error & { code?: string | number; stderr?: string };

/** What a `docker` command prints. Throws: Error with its own words. */
export function docker(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('docker', [...args], { env, timeout: args[0] === 'stop' ? 60_000 : ANSWER_MS }, (error, stdout, stderr) => {
      if (error) reject(Object.assign(error, { stderr }));
      else resolve(stdout.trim());
    });
  });
}

/** The last lines of what a container said, on either of its outputs; nothing where it is gone. */
export function lastWords(id: string): Promise<string> {
  return new Promise((resolve) => {
    execFile('docker', ['logs', '--tail', '20', id], { timeout: ANSWER_MS }, (error, stdout, stderr) =>
      resolve(error ? '' : `${stdout}${stderr}`.trim()),
    );
  });
}

/** What Docker said last, in one line. */
export function lastLine(error: unknown): string {
  const { stderr, err, message } = error as { stderr?: string; err?: string; message?: string };
  const said = (stderr || err || message || String(error)).trim().split('\n');
  return said.at(-1) ?? '';
}

/** The AWS endpoint that the profiles name. Throws: InputError when none or both do. */
export function backendOf(profiles: readonly string[]): 'localstack' | 'ministack' {
  const named = (['localstack', 'ministack'] as const).filter((name) => profiles.includes(name));
  if (named.length === 1) return named[0] as 'localstack' | 'ministack';
  const message = `names ${named.length === 0 ? 'no AWS endpoint' : 'two AWS endpoints'}: ${profiles.join(',') || 'nothing'}`;
  throw new InputError([
    { path: 'COMPOSE_PROFILES', message, expected: 'localstack or ministack, and gpu or observe beside it' },
  ]);
}
