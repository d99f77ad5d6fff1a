import { z } from 'zod';
import { ApiError, invalid, notFound } from './api-error.ts';
import { InvokeConfigSchema } from './asynchronous.ts';
import { PoolParametersSchema } from './parameters.ts';
import type { Runtime } from './runtime.ts';
import { readAs, settingsOf } from './settings.ts';

/** A request of the API, its path taken apart: `name` is a function's name or ARN, or the id of a mapping. */
export interface Call {
  name: string;
  query: URLSearchParams;
  body: Record<string, unknown>;
}

type Action = (runtime: Runtime, call: Call) => object | Promise<object>;
interface Route {
  method: string;
  path: RegExp;
  status: number;
  act: Action;
}

const NAME = '([^/]+)';
const route = (words: string, act: Action, status = 200): Route => {
  const [method, path] = words.split(' ') as [string, string];
  return { method, path: new RegExp(`^${path.replace('NAME', NAME)}/?$`), status, act };
};

const CodeSchema = z.object({ ZipFile: z.base64('base64 of a zip expected: neither S3 nor images are known here') });
const NewSchema = z.object({ FunctionName: z.string().regex(/^[\w-]{1,64}$/), Code: CodeSchema });
const ProvisionedSchema = z.object({ ProvisionedConcurrentExecutions: z.number().int().positive() });
const ReservedSchema = z.object({ ReservedConcurrentExecutions: z.number().int().nonnegative() });

function create(runtime: Runtime, { body }: Call): object {
  const { FunctionName, Code } = readAs(NewSchema, body);
  return runtime.create(FunctionName, { settings: settingsOf(body), zip: Buffer.from(Code.ZipFile, 'base64') }).configuration;
}

function updateCode(runtime: Runtime, { name, body }: Call): object {
  const pool = runtime.find(name);
  pool.deploy(Buffer.from(readAs(CodeSchema, body).ZipFile, 'base64'));
  return pool.configuration;
}

function reserve(runtime: Runtime, { name, body }: Call): object {
  const { identity } = runtime.find(name);
  const { ReservedConcurrentExecutions: count } = readAs(ReservedSchema, body);
  if (!runtime.account.canReserve(identity.name, count)) {
    throw invalid('ReservedConcurrentExecutions would leave less unreserved concurrency than its minimum');
  }
  runtime.account.reserved.set(identity.name, count);
  return { ReservedConcurrentExecutions: count };
}

function accountSettings({ account, functions }: Runtime): object {
  return {
    AccountLimit: { ConcurrentExecutions: account.concurrency, UnreservedConcurrentExecutions: account.unreserved },
    AccountUsage: { FunctionCount: functions.size },
  };
}

function keepInvokeConfig(runtime: Runtime, { name, body }: Call): object {
  const { identity } = runtime.find(name);
  const config = readAs(InvokeConfigSchema, body);
  runtime.asynchronous.configs.set(identity.name, config);
  return { FunctionArn: `${identity.arn}:$LATEST`, ...config };
}

function invokeConfig(runtime: Runtime, { name }: Call): object {
  const { identity } = runtime.find(name);
  const config = runtime.asynchronous.configs.get(identity.name);
  if (config === undefined) throw notFound(`The event invoke config of ${identity.name}`);
  return { FunctionArn: `${identity.arn}:$LATEST`, ...config };
}

/** For a qualifier, which every call of the SDK has to name and which does not matter here. */
function provision(runtime: Runtime, { name, body }: Call): object {
  runtime.find(name).provision(readAs(ProvisionedSchema, body).ProvisionedConcurrentExecutions);
  return provisioning(runtime, name);
}

function provisioning(runtime: Runtime, name: string): object {
  const { wanted, ready, hasFailed } = runtime.find(name).provisioning;
  if (wanted === 0) throw new ApiError(404, 'ProvisionedConcurrencyConfigNotFoundException', { message: `none for ${name}` });
  const Status = hasFailed ? 'FAILED' : ready < wanted ? 'IN_PROGRESS' : 'READY';
  const counts = { AvailableProvisionedConcurrentExecutions: ready, AllocatedProvisionedConcurrentExecutions: ready };
  return { RequestedProvisionedConcurrentExecutions: wanted, ...counts, Status };
}

const PROVISIONED = '/2019-09-30/functions/NAME/provisioned-concurrency';
const FUNCTION = '/2015-03-31/functions/NAME';
const MAPPINGS = '/2015-03-31/event-source-mappings';

const ROUTES: readonly Route[] = [
  route('POST /2015-03-31/functions', create, 201),
  route('GET /2015-03-31/functions', (r) => ({ Functions: [...r.functions.values()].map((pool) => pool.configuration) })),
  route(`GET ${FUNCTION}`, (r, { name }) => {
    const pool = r.find(name);
    const reserved = r.account.reserved.get(pool.identity.name);
    const Concurrency = reserved === undefined ? undefined : { ReservedConcurrentExecutions: reserved };
    return { Configuration: pool.configuration, Code: {}, Concurrency };
  }),
  route(`DELETE ${FUNCTION}`, (r, { name }) => r.remove(name).then(() => ({})), 204),
  route(`GET ${FUNCTION}/configuration`, (r, { name }) => r.find(name).configuration),
  route(`PUT ${FUNCTION}/configuration`, (r, { name, body }) => {
    const pool = r.find(name);
    pool.configure(settingsOf(body, pool.settings));
    return pool.configuration;
  }),
  route(`PUT ${FUNCTION}/code`, updateCode),
  route('PUT /2017-10-31/functions/NAME/concurrency', reserve),
  route('GET /2019-09-30/functions/NAME/concurrency', (r, { name }) => {
    const count = r.account.reserved.get(r.find(name).identity.name);
    return count === undefined ? {} : { ReservedConcurrentExecutions: count };
  }),
  route(
    'DELETE /2017-10-31/functions/NAME/concurrency',
    (r, { name }) => {
      r.account.reserved.delete(r.find(name).identity.name);
      return {};
    },
    204,
  ),
  route(`PUT ${PROVISIONED}`, provision, 202),
  route(`GET ${PROVISIONED}`, (r, { name }) => provisioning(r, name)),
  route(
    `DELETE ${PROVISIONED}`,
    (r, { name }) => {
      r.find(name).provision(0);
      return {};
    },
    204,
  ),
  route('GET /2016-08-19/account-settings', accountSettings),
  route('PUT /2019-09-25/functions/NAME/event-invoke-config', keepInvokeConfig),
  route('GET /2019-09-25/functions/NAME/event-invoke-config', invokeConfig),
  route(
    'DELETE /2019-09-25/functions/NAME/event-invoke-config',
    (r, { name }) => {
      r.asynchronous.configs.delete(r.find(name).identity.name);
      return {};
    },
    204,
  ),
  route(`POST ${MAPPINGS}`, (r, { body }) => r.mappings.create(body), 202),
  route(`GET ${MAPPINGS}`, (r, { query }) =>
    r.mappings.list({ functionName: query.get('FunctionName'), arn: query.get('EventSourceArn') }),
  ),
  route(`GET ${MAPPINGS}/NAME`, (r, { name }) => r.mappings.rendered(name)),
  route(`PUT ${MAPPINGS}/NAME`, (r, { name, body }) => r.mappings.update(name, body), 202),
  route(`DELETE ${MAPPINGS}/NAME`, (r, { name }) => r.mappings.remove(name), 202),
  // Beyond the service: what this runtime knows and an account would not tell.
  route('GET /placement', (r) => r.facts()),
  route('GET /placement/functions/NAME/metrics', (r, { name }) => r.find(name).report()),
  route(
    'DELETE /placement/functions/NAME/environments',
    (r, { name, query }) => {
      r.find(name).lose(query.getAll('pid').map(Number));
      return {};
    },
    204,
  ),
  route('PUT /placement/functions/NAME/parameters', (r, { name, body }) => {
    r.find(name).tune(JSON.parse(JSON.stringify(readAs(PoolParametersSchema, body))));
    return {};
  }),
];

/** What a request asks for. Throws: an ApiError 404 when this runtime has no such call. */
export function routeOf(method: string, path: string): { status: number; name: string; act: Action } {
  for (const { method: wanted, path: form, status, act } of ROUTES) {
    const match = wanted === method ? form.exec(path) : null;
    if (match !== null) return { status, act, name: decodeURIComponent(match[1] ?? '') };
  }
  throw new ApiError(404, 'UnknownOperationException', {
    message: `${method} ${path} is not a call that this function runtime knows`,
  });
}
