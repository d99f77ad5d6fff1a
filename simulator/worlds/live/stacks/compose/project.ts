import { chownSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  buildMany,
  downAll,
  execCompose,
  type IDockerComposeOptions,
  logs as logsOf,
  stopOne,
  upAll,
  upMany,
  upOne,
} from 'docker-compose';
import type { Container } from '../../../../domain/container.ts';
import { UnavailableError } from '../../../../domain/problem.ts';
import { freePorts } from '../free-port.ts';
import { secret } from '../secret.ts';
import { backendOf } from './engine.ts';

interface PsLine {
  ID: string;
  Name: string;
  Service: string;
  State: string;
  Health: string;
  Publishers: { TargetPort: number; PublishedPort: number }[] | null;
}

const LAST_LINES = 20;
/** How often Docker looks at containers that a run makes: each look is a process, and the run asks them itself whether they are ready. */
const CHECK_INTERVAL = '30s';
/** Whom programs run as where we are root: somebody else. */
const USER = 1000;

/** One Compose project: its files, the variables that they need, and what is done with it. */
export class ComposeProject {
  readonly name: string;
  readonly env: NodeJS.ProcessEnv;
  readonly profiles: readonly string[];
  private readonly folder: string;

  /** One that is not up yet: with ports of its own, which containers keep when they are stopped and started again. */
  static async fresh(runs: string): Promise<ComposeProject> {
    const [postgres, rabbitmq] = await freePorts(2);
    return new ComposeProject({ runs, known: { POSTGRES_PORT: `${postgres}`, RABBITMQ_PORT: `${rabbitmq}` } });
  }

  /**
   * `runs` is where runs keep their files; `known` are variables of a project that is up already.
   *
   * Throws: UnavailableError outside of a checkout.
   */
  constructor(o: { runs: string; known?: Readonly<Record<string, string>> }) {
    this.folder = composeFolder();
    const env: NodeJS.ProcessEnv = {
      ...defaults(this.folder),
      FUNCTIONS_CPUS: `${availableParallelism()}`,
      PLACEMENT_USER: `${ownerOf('uid')}:${ownerOf('gid')}`,
      ...process.env,
      POSTGRES_PASSWORD: secret(),
      RABBITMQ_PASSWORD: secret(),
      PLACEMENT_RUNS: o.runs,
      PLACEMENT_MODELS: join(dirname(this.folder), 'models'),
      ...o.known,
    };
    this.name = env.COMPOSE_PROJECT_NAME || 'placement-lab';
    this.profiles = (env.COMPOSE_PROFILES ?? '').split(',').filter((profile) => profile !== '');
    this.env = { ...env, COMPOSE_PROJECT_NAME: this.name };
  }

  get backend(): 'localstack' | 'ministack' {
    return backendOf(this.profiles);
  }

  /** Builds the programs' image, from cache where nothing changed. Throws: UnavailableError with the builder's last words. */
  async build(heard: (line: string) => void = () => undefined): Promise<void> {
    const services = ['gateway', ...(this.profiles.includes('gpu') ? ['gpu-worker'] : [])];
    await this.named('the image of the programs cannot be built', () => buildMany(services, this.options(heard)));
  }

  /** Starts what the profiles name, and waits until all of it is healthy. */
  async up(heard: (line: string) => void): Promise<void> {
    await this.named('the stack does not come up', () => upAll(this.options(heard, ['--wait', '--no-build'])));
  }

  /** Makes so many containers of some services be there; none that runs is touched. */
  async scale(counts: Readonly<Record<string, number>>): Promise<void> {
    const services = Object.keys(counts);
    const words = Object.entries(counts).flatMap(([service, count]) => ['--scale', `${service}=${count}`]);
    const options = this.options(undefined, ['--no-recreate', '--no-deps', '--no-build', ...words]);
    options.env = { ...this.env, SEAT_CHECK_INTERVAL: CHECK_INTERVAL };
    await this.named(`${services.join(' and ')} cannot be scaled`, () => upMany(services, options));
  }

  async stop(service: string): Promise<void> {
    await this.named(`${service} cannot be stopped`, () => stopOne(service, this.options()));
  }

  /** Starts again, on the same data, what was stopped or killed; waits until it is healthy. */
  async restart(service: string): Promise<void> {
    const options = this.options(undefined, ['--wait', '--no-recreate', '--no-deps', '--no-build']);
    await this.named(`${service} cannot be started again`, () => upOne(service, options));
  }

  async kill(service: string, signal: NodeJS.Signals): Promise<void> {
    await this.named(`${service} cannot be killed`, () => execCompose('kill', ['--signal', signal, service], this.options()));
  }

  /** Containers of the project, also those that have ended. */
  async containers(): Promise<Container[]> {
    const { out } = await this.named('its containers cannot be listed', () =>
      execCompose('ps', ['--all', '--format', 'json'], this.options()),
    );
    return out
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => {
        const { ID, Name, Service, State, Health, Publishers } = JSON.parse(line) as PsLine;
        const ports = Object.fromEntries((Publishers ?? []).map((p) => [p.TargetPort, p.PublishedPort]).filter(([, p]) => p));
        return { id: ID.slice(0, 12), name: Name, service: Service, state: State, health: Health, ports };
      });
  }

  /** The last lines of what a service or, without one, each service said. */
  async logs(services: readonly string[] = [], lines = LAST_LINES): Promise<string> {
    const options = this.options(undefined, ['--no-color', '--tail', `${lines}`]);
    const { out } = await this.named('the logs cannot be read', () => logsOf([...services], options));
    return out.trimEnd();
  }

  /** Removes every container, network and volume of the project, of whatever profile. */
  async down(heard: (line: string) => void = () => undefined): Promise<void> {
    const options = this.options(heard, ['--volumes', '--remove-orphans', '--timeout', '10']);
    await this.named('the stack does not go down', () =>
      downAll({ ...options, composeOptions: [...(options.composeOptions as string[]), '--profile', '*'] }),
    );
  }

  private options(heard?: (line: string) => void, commandOptions: (string | string[])[] = []): IDockerComposeOptions {
    return {
      cwd: this.folder,
      env: this.env,
      composeOptions: ['--project-name', this.name, '--progress', 'plain'],
      commandOptions,
      ...(heard ? { callback: (chunk: Buffer) => linesIn(chunk).forEach(heard) } : {}),
    };
  }

  private async named<T>(what: string, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      const said = String((error as { err?: string }).err ?? (error as Error).message ?? error);
      const lines = said.trim().split('\n').slice(-LAST_LINES).join('\n');
      throw new UnavailableError(`${what} (project ${this.name}): ${hint(said)}\n${lines}`);
    }
  }
}

function hint(said: string): string {
  if (/could not select device driver "nvidia"/.test(said))
    return 'this machine has no GPU that Docker may use: leave the profile gpu out, or set COMPOSE_FILE=compose.yaml:cpu.yaml';
  if (/pull access denied|manifest unknown|no such image|failed to resolve|dial tcp|TLS handshake/i.test(said))
    return 'an image cannot be had: name one that can in compose/.env (its _IMAGE variables), or see compose/stand-ins/README.md';
  if (/Range of CPUs is from/.test(said)) return 'compose/.env gives a service more cores than this machine has';
  if (/permission denied/i.test(said)) return 'this user may not reach the Docker engine';
  return 'Docker said last:';
}

/** The folder of compose.yaml. Throws: UnavailableError where there is none. */
function composeFolder(): string {
  const folder = fileURLToPath(new URL('../../../../../compose/', import.meta.url));
  if (existsSync(join(folder, 'compose.yaml'))) return folder;
  throw new UnavailableError(
    'compose/compose.yaml is not part of the published package: clone the repository for --stack compose',
  );
}

/** The lines of compose/.env: Compose reads them, too, but not after variables of ours. */
function defaults(folder: string): Record<string, string> {
  const lines = readFileSync(join(folder, '.env'), 'utf8').split('\n');
  return Object.fromEntries(lines.filter((line) => /^\w+=/.test(line)).map((line) => line.split(/=(.*)/s).slice(0, 2)));
}

function ownerOf(kind: 'uid' | 'gid'): number {
  const own = kind === 'uid' ? process.getuid?.() : process.getgid?.();
  return own === undefined || process.getuid?.() === 0 ? USER : own;
}

/** A folder in which the programs of the containers may write. */
export function shared(folder: string): string {
  mkdirSync(folder, { recursive: true });
  if (process.getuid?.() === 0) chownSync(folder, USER, USER);
  return folder;
}

function linesIn(chunk: Buffer): string[] {
  return chunk
    .toString()
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
