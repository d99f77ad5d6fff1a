import { z } from 'zod';
import { ReportSchema } from '../simulator/domain/report.ts';

/** Where the published schema lies, from the root of the project. */
export const SCHEMA_FILE = 'docs/report.schema.json';

/** JSON Schema (draft 2020-12) of the report, generated from the very schema that the code checks it with. */
export function reportSchema(): string {
  const schema = z.toJSONSchema(ReportSchema, {
    target: 'draft-2020-12',
    // A reader that checks with this file must still accept a report of a later minor version, which may have more keys.
    override: ({ jsonSchema }) => {
      delete jsonSchema.additionalProperties;
    },
  });
  const titled = {
    $schema: schema.$schema,
    $id: 'urn:placement-lab:report@1',
    title: 'Placement Lab report, version 1',
    description: 'What `scenario --json` prints. Keys may be added within a major version; none changes its meaning or goes.',
    ...schema,
  };
  return `${withShortLists(JSON.stringify(titled, null, 2))}\n`;
}

/** Lists of words on one line where they fit, as the formatter of this project would write them. */
function withShortLists(text: string): string {
  return text.replace(/^(.*)\[\n((?: *"[^"]*",?\n)+) *\](,?)$/gm, (whole, before: string, items: string, after: string) => {
    const line = `${before}[${items.trim().replace(/,\n */g, ', ')}]${after}`;
    return line.length <= 130 ? line : whole;
  });
}
