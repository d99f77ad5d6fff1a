import type { Report } from '../../simulator/domain/report.ts';
import { openCanvas } from '../charts/canvas.ts';
import { amount, duration } from '../figures.ts';
import { rowsOf } from '../rows.ts';
import { counted } from '../text.ts';
import { type Markup, html as markup, trusted } from './markup.ts';
import { type Page, type Section, sectionOf } from './parts.ts';
import { SECTIONS } from './sections/index.ts';
import { styleSheet, type Theme } from './style.ts';

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/**
 * The report as one page that needs nothing else: no script, no font, no network; light, dark and on paper.
 *
 * The chart library is loaded by the first call.
 */
export async function html(report: Report, options: { theme?: Theme; gate?: NonNullable<Page['gate']> } = {}): Promise<string> {
  const gate = options.gate === undefined ? {} : { gate: options.gate };
  const page = { report, rows: rowsOf(report), canvas: await openCanvas(), ...gate };
  const sections = SECTIONS.map((build) => build(page)).filter((section) => section.body !== '');
  const whole = markup`
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width,initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="${POLICY}">
    <meta name="referrer" content="no-referrer">
    <title>${report.scenario.name}: ${sections[0]?.title ?? ''}</title>
    <style>${trusted(styleSheet())}</style>
    </head>
    <body>
    <a class="skip" href="#verdict">Skip to the verdict</a>
    ${top(report)}
    ${bar(sections, options.theme ?? 'auto')}
    <main>${sections.map(sectionOf)}</main>
    <footer>
    placement-lab ${report.version}. One file, no script, nothing loaded from elsewhere.
    <span class="paper">Folded tables are printed where they are open.</span>
    </footer>
    </body>
    </html>`;
  return `<!doctype html>\n${whole.text}\n`;
}

function top({ scenario, seeds, world, strategies }: Report): Markup {
  const sent = strategies.map((strategy) => strategy.operations.reduce((sum, one) => sum + one.sent, 0));
  const [least, most] = [Math.min(...sent), Math.max(...sent)];
  const [names, rates] = [new Set(strategies.map((one) => one.name)), new Set(strategies.map((one) => one.rate))];
  const facts: [string, string][] = [
    [counted(names.size, 'strategy', 'strategies'), rates.size > 1 ? `at ${counted(rates.size, 'rate')}` : 'compared'],
    [duration(scenario.duration_s), `in the ${world} world`],
    [counted(seeds.length, 'seed'), ''],
    [`${least < most ? `${amount(least)} to ` : ''}${counted(most, 'operation')}`, 'each'],
  ];
  return markup`
    <header class="top">
    <p class="brand">Placement Lab</p>
    <h1><bdi>${scenario.name}</bdi></h1>
    <p class="lead">${scenario.description}</p>
    <ul class="facts">${facts.map(([figure, words]) => markup`<li><b>${figure}</b> ${words}</li>`)}</ul>
    </header>`;
}

function bar(sections: readonly Section[], theme: Theme): Markup {
  const links = sections.map((section) => markup`<li><a href="#${section.id}">${section.short}</a></li>`);
  const choices = (['auto', 'light', 'dark'] as const).map((one) => {
    const checked = one === theme ? trusted(' checked') : '';
    return markup`<label><input class="unseen" type="radio" name="theme" id="theme-${one}"${checked}>${one}</label>`;
  });
  return markup`
    <div class="bar"><div>
    <nav aria-label="Sections"><ul>${links}</ul></nav>
    <fieldset class="theme"><legend class="unseen">Colours</legend>${choices}</fieldset>
    </div></div>`;
}
