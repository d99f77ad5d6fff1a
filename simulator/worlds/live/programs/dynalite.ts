import dynalite from 'dynalite';
import { serve } from '../stacks/serve.ts';

/** DynamoDB of the embedded stack, in memory: tables are there at once. */
await serve(dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 }));
process.exit(0);
