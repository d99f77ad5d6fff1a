import type { Report } from '../simulator/domain/report.ts';
import { json } from './json.ts';
import { markdown } from './markdown.ts';
import { terminal } from './terminal.ts';

/** Everything that any format may want to know beside the report itself. */
export interface Rendering {
  colour: boolean;
  width: number;
  /** Where the page was written, if it was. */
  page?: string;
  /** Leave out what depends on the machine or the clock. */
  stable?: boolean;
}

/** A format: the sentence for `--help`, the file it is written to in the output folder (none: only shown), and how. */
export interface Format {
  description: string;
  file: string | null;
  render(report: Report, options: Rendering): string | Promise<string>;
}

/** A report format is one file and one line here. The page is imported only when somebody wants it: it is the heavy one. */
export const FORMATS = {
  terminal: { description: 'the verdict and one table, for a terminal or a log', file: null, render: terminal },
  html: {
    description: 'one page with charts, offline, for a browser or on paper',
    file: 'report.html',
    render: async (report) => (await import('./html/html.ts')).html(report),
  },
  json: { description: 'everything, for other programs (docs/report.schema.json)', file: 'report.json', render: json },
  markdown: { description: 'a comment for a pull request', file: 'report.md', render: markdown },
} satisfies Record<string, Format>;
export type FormatName = keyof typeof FORMATS;
