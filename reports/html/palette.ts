/**
 * Colours of the page, in both themes.
 *
 * Series colours follow Okabe and Ito's set for colour-blind readers, darkened (light theme) or lightened (dark theme)
 * until each stands at least 3:1 against the surface; text colours at least 4.5:1. A test computes both.
 *
 * Source: Okabe and Ito, Color Universal Design, 2008; WCAG 2.2, 1.4.3 and 1.4.11.
 */
export const LIGHT: Readonly<Record<string, string>> = {
  page: '#f6f6f3',
  surface: '#ffffff',
  ink: '#1a1e24',
  muted: '#59616d',
  rule: '#e3e5e8',
  axis: '#8a929d',
  accent: '#00598f',
  tint: '#eef4f8',
  good: '#00694b',
  'good-tint': '#e3f3ec',
  bad: '#b03a00',
  'bad-tint': '#fcebe3',
  unsure: '#7a5600',
  'unsure-tint': '#fbf2da',
  load: '#e6e8ec',
  ready: '#d5e5f1',
  'ready-line': '#5d8fb3',
  wanted: '#0072b2',
  demand: '#b03a00',
  s0: '#0072b2',
  s1: '#d15a00',
  s2: '#00835f',
  s3: '#b4508a',
  s4: '#94700a',
  s5: '#454d58',
  s6: '#3a87c8',
  rest: '#8b939d',
};

export const DARK: Readonly<Record<string, string>> = {
  page: '#111418',
  surface: '#191d23',
  ink: '#e8ebef',
  muted: '#a5aeba',
  rule: '#2d343d',
  axis: '#6d7783',
  accent: '#7cc0f2',
  tint: '#1c2732',
  good: '#4fd1a1',
  'good-tint': '#14302a',
  bad: '#ff9a66',
  'bad-tint': '#3a2219',
  unsure: '#eccb5e',
  'unsure-tint': '#332b14',
  load: '#2b323b',
  ready: '#22384a',
  'ready-line': '#5686a8',
  wanted: '#62b5f0',
  demand: '#ff9a66',
  s0: '#62b5f0',
  s1: '#ff8f4a',
  s2: '#3ecb9d',
  s3: '#f09fce',
  s4: '#ead55c',
  s5: '#d3d9e0',
  s6: '#a9c9ff',
  rest: '#77818d',
};

/** The palette as custom properties, for one rule of the style sheet. */
export function properties(palette: Readonly<Record<string, string>>): string {
  return Object.entries(palette)
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(';');
}
