import { mkdirSync, writeFileSync } from 'node:fs';
import { reportSchema, SCHEMA_FILE } from './schema.ts';

/** Writes docs/report.schema.json: `node --import tsx reports/write-schema.ts`. A test holds the file to the code. */
const file = new URL(`../${SCHEMA_FILE}`, import.meta.url);
mkdirSync(new URL('.', file), { recursive: true });
writeFileSync(file, reportSchema());
