// The program inside an execution environment: loads the handler, then asks the Runtime API for one invocation after the other.
// It is plain JavaScript that imports nothing but Node, since it starts with every environment: its start is the cold start.
import { existsSync } from 'node:fs';
import http from 'node:http';
import { pathToFileURL } from 'node:url';

const { AWS_LAMBDA_RUNTIME_API, LAMBDA_TASK_ROOT, _HANDLER, AWS_LAMBDA_FUNCTION_NAME, AWS_LAMBDA_FUNCTION_MEMORY_SIZE } =
  process.env;
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
// Whoever started this holds the other end of standard input: its end is the end of this process, however that came.
process.stdin.on('close', () => process.exit(0)).resume();

function ask(method, path, body) {
  return new Promise((resolve, reject) => {
    const url = `http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/${path}`;
    const headers = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };
    const request = http.request(url, { agent, method, headers }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve({ headers: response.headers, text: Buffer.concat(chunks).toString() }));
    });
    request.on('error', reject).end(body);
  });
}

function told(error) {
  const isError = error instanceof Error;
  const trace = isError ? (error.stack ?? '').split('\n') : [];
  return JSON.stringify({
    errorType: isError ? error.name : typeof error,
    errorMessage: isError ? error.message : String(error),
    trace,
  });
}

async function load() {
  const dot = _HANDLER.lastIndexOf('.');
  const file = ['mjs', 'js', 'cjs']
    .map((end) => `${LAMBDA_TASK_ROOT}/${_HANDLER.slice(0, dot)}.${end}`)
    .find((path) => existsSync(path));
  const lacks = (name, message) => Object.assign(new Error(message), { name });
  if (!file) throw lacks('Runtime.ImportModuleError', `Error: Cannot find module '${_HANDLER.slice(0, dot)}'`);
  const loaded = await import(pathToFileURL(file).href);
  const handler = loaded[_HANDLER.slice(dot + 1)] ?? loaded.default?.[_HANDLER.slice(dot + 1)];
  if (typeof handler !== 'function') throw lacks('Runtime.HandlerNotFound', `${_HANDLER} is undefined or not exported`);
  return handler;
}

const handler = await load().catch(async (error) => {
  await ask('POST', 'init/error', told(error));
  process.exit(1);
});
for (;;) {
  const { headers, text } = await ask('GET', 'invocation/next');
  const id = headers['lambda-runtime-aws-request-id'];
  process.env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'] ?? '';
  const context = {
    awsRequestId: id,
    functionName: AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: '$LATEST',
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    memoryLimitInMB: AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    getRemainingTimeInMillis: () => Number(headers['lambda-runtime-deadline-ms']) - Date.now(),
  };
  try {
    const answer = await handler(JSON.parse(text), context);
    await ask('POST', `invocation/${id}/response`, JSON.stringify(answer) ?? 'null');
  } catch (error) {
    await ask('POST', `invocation/${id}/error`, told(error));
  }
}
