import { openFor } from '../components/open.ts';
import { FunctionCaller } from '../platforms/function.ts';
import { Gateway } from '../platforms/gateway.ts';
import { Router } from '../platforms/router.ts';
import { readSheet } from '../run-sheet.ts';
import { announce, endWithParent } from './process.ts';

/** The front door of one run: operations from users, and calls between components. */
const sheet = readSheet();
const { plan } = sheet;
const hasFunctions = plan.parts.some((part) => part.kind === 'function');
const functions = hasFunctions ? new FunctionCaller(sheet) : undefined;
const programs = plan.operations.map((o) => o.program);
const around = await openFor(sheet, { name: 'gateway', programs, call: (component, story) => router.call(component, story) });
const router = new Router(plan, { functions, spans: around.spans });
const { server, port } = await new Gateway(around, router).listen();
endWithParent(async () => {
  server.close();
  functions?.close();
  await around.close();
});
announce({ port });
