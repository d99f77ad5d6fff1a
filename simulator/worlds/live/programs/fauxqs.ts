import { buildApp } from 'fauxqs';
import { serve } from '../stacks/serve.ts';

/** SQS and S3 of the embedded stack, in memory. */
const app = buildApp({ logger: false });
await app.ready();
await serve(app.server);
process.exit(0);
