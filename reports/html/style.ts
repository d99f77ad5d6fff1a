import { DARK, LIGHT, properties } from './palette.ts';

/** `auto` follows the reader's system; the page has a switch for it, without any script. */
export type Theme = 'auto' | 'light' | 'dark';

/** The whole style sheet: system fonts, one column, colours as properties so that charts follow the theme. */
export function styleSheet(): string {
  return `:root{color-scheme:light;${properties(LIGHT)}}
@media (prefers-color-scheme:dark){:root:not(:has(#theme-light:checked)){color-scheme:dark;${properties(DARK)}}}
:root:has(#theme-dark:checked){color-scheme:dark;${properties(DARK)}}
@media print{:root,:root:has(#theme-dark:checked),:root:not(:has(#theme-light:checked)){
color-scheme:light;${properties(LIGHT)};--page:#fff}}
${BASE}${HEADER}${CONTENT}${TABLES}${FIGURES}${PHONE}${PRINT}`;
}

const BASE = `
*{box-sizing:border-box}
html{scroll-padding-top:4.5rem;-webkit-text-size-adjust:100%}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
body{margin:0;background:var(--page);color:var(--ink);
  font:16px/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
h1,h2,h3{line-height:1.2;letter-spacing:-.012em;margin:0;text-wrap:balance}
h1{font-size:clamp(1.9rem,1.3rem + 2.4vw,2.9rem);font-weight:700}
h2{font-size:1.55rem;font-weight:680}
h3{font-size:1.08rem;font-weight:650;margin:2.2rem 0 .6rem}
p{margin:.6rem 0;max-width:68ch}
a{color:var(--accent)}
code{font:.88em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
bdi{unicode-bidi:isolate}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:3px}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.note,.lead{color:var(--muted)}
.lead{font-size:1.04rem;margin:.5rem 0 1.4rem}
.skip{position:absolute;left:-999px}.skip:focus{left:1rem;top:.5rem;z-index:9;background:var(--surface);padding:.4rem .8rem}
`;

const HEADER = `
.bar{position:sticky;top:0;z-index:5;background:color-mix(in srgb,var(--page) 90%,transparent);
  backdrop-filter:blur(10px);border-bottom:1px solid var(--rule)}
.bar>div{max-width:1240px;margin:0 auto;padding:0 1.5rem;display:flex;align-items:center;gap:1.2rem}
.bar nav{flex:1;min-width:0;overflow-x:auto;scrollbar-width:none}
.bar nav::-webkit-scrollbar{display:none}
.bar ul{display:flex;gap:.15rem;list-style:none;margin:0;padding:0}
.bar a{display:block;padding:.8rem .6rem;color:var(--muted);text-decoration:none;font-size:.9rem;white-space:nowrap}
.bar a:hover{color:var(--ink);text-decoration:underline;text-underline-offset:.3em}
.theme{border:1px solid var(--rule);border-radius:99px;margin:0;padding:.1rem;display:flex;flex:none;
  background:var(--surface)}
.theme label{font-size:.78rem;color:var(--muted);padding:.12rem .6rem;border-radius:99px;cursor:pointer}
.theme label:has(:checked){background:var(--tint);color:var(--ink);font-weight:600}
.theme label:has(:focus-visible){outline:2px solid var(--accent)}
header.top{max-width:1240px;margin:0 auto;padding:3.2rem 1.5rem .5rem}
.brand{font-size:.82rem;font-weight:600;letter-spacing:.06em;text-transform:uppercase;color:var(--muted);margin:0 0 .7rem}
header.top .lead{font-size:1.15rem;margin:.7rem 0 0}
.facts{display:flex;flex-wrap:wrap;gap:.3rem 1.6rem;list-style:none;padding:0;margin:1.1rem 0 0;color:var(--muted);
  font-size:.9rem}
.facts b{color:var(--ink);font-weight:600}
`;

const CONTENT = `
main{max-width:1240px;margin:0 auto;padding:0 1.5rem 3rem}
section{background:var(--surface);border:1px solid var(--rule);border-radius:14px;padding:2rem 2.2rem 2.2rem;margin:1.5rem 0}
#verdict{border-top:4px solid var(--accent);margin-top:2rem}
#verdict:has(.failed){border-top-color:var(--bad)}#verdict:has(.failed) h2{color:var(--bad)}
#verdict:has(.untold){border-top-color:var(--unsure)}#verdict:has(.untold) h2{color:var(--unsure)}
#verdict h2{font-size:clamp(1.5rem,1.2rem + 1.3vw,2.1rem)}
#verdict .because{font-size:1.14rem;margin:.8rem 0 0;max-width:72ch}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:1.2rem 1.6rem;margin:1.8rem 0 0;
  padding:1.4rem 0 0;border-top:1px solid var(--rule)}
.figures div{display:flex;flex-direction:column-reverse;justify-content:flex-end}
.figures dt{color:var(--muted);font-size:.88rem;line-height:1.35}
.figures dd{margin:0;font-size:1.7rem;font-weight:650;letter-spacing:-.02em;font-variant-numeric:tabular-nums;
  line-height:1.25}
.why{list-style:none;padding:0;margin:.4rem 0 0}
.why li{display:grid;grid-template-columns:minmax(9rem,15rem) 1fr;gap:.2rem 1.4rem;padding:.75rem 0;
  border-top:1px solid var(--rule)}
.why li:first-child{border-top:0}
.who{display:flex;flex-direction:column;align-items:flex-start;gap:.25rem}
.why p,.why ul{margin:0;padding:0;list-style:none;max-width:none}
.why ul li{display:block;border:0;padding:0 0 .25rem}
.name{display:inline-flex;align-items:center;gap:.5rem}
tbody .name{white-space:nowrap}
.swatch{flex:none;border-radius:2px}
.badge{display:inline-block;white-space:nowrap;font-size:.84rem;font-weight:600;border-radius:99px;padding:.1rem .6rem}
.badge.good{color:var(--good);background:var(--good-tint)}.badge.bad{color:var(--bad);background:var(--bad-tint)}
  .badge.unsure{color:var(--unsure);background:var(--unsure-tint)}
details{border-top:1px solid var(--rule)}
details+details{margin-top:0}
figure details{border:0;margin-top:.4rem}
summary{cursor:pointer;padding:.7rem 0;font-weight:550}
summary:hover{color:var(--accent)}
summary .note{font-weight:400;margin-left:.5rem}
figure summary{font-size:.86rem;font-weight:450;color:var(--muted);padding:.3rem 0}
.inside{padding:.2rem 0 1.2rem}
.examples{margin:.3rem 0;padding-left:1.2rem;font-size:.9rem}
footer{max-width:1240px;margin:0 auto;padding:0 1.5rem 4rem;color:var(--muted);font-size:.88rem}
`;

const TABLES = `
.scroll{position:relative;overflow-x:auto;margin:.6rem 0;scrollbar-width:thin}
table{border-collapse:collapse;width:100%;font-size:.9rem;line-height:1.4;font-variant-numeric:tabular-nums}
th,td{padding:.5rem .65rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--rule);overflow-wrap:normal}
thead th{font-weight:550;color:var(--muted);vertical-align:bottom;border-bottom-color:var(--axis);font-size:.84rem}
tbody th{font-weight:500;position:sticky;left:0;background:var(--surface)}
tbody tr:last-child>*{border-bottom:0}
th:first-child,td:first-child{padding-left:0}th:last-child,td:last-child{padding-right:0}
.num{text-align:right;white-space:nowrap}
.first-wide th:first-child{min-width:14rem}
.tight{font-size:.875rem}.tight :is(th,td):not(:first-child){padding-left:.4rem}.tight :is(th,td):not(:last-child){padding-right:.4rem}
.tight thead .num .name{flex-direction:column;align-items:flex-end;gap:.3rem}
td.good{color:var(--good)}td.bad{color:var(--bad);font-weight:600}td.unsure{color:var(--unsure)}
td.calm,th.calm{color:var(--muted)}
tr>.group{padding-top:1.3rem;font-weight:650;color:var(--ink)}
.group>span{position:sticky;left:0}
.text td,.text th{min-width:7rem}.text td:last-child{min-width:18rem}
.small{font-size:.84rem}
.sub{display:block;color:var(--muted);font-size:.8rem;font-weight:400}
`;

const FIGURES = `
figure{margin:1.6rem 0 0}
figcaption{margin:0 0 .5rem}
.title{display:block;font-weight:600}
figcaption .note{display:block;font-size:.88rem;max-width:76ch;line-height:1.45}
.chart{display:block;max-width:100%;height:auto;color:var(--muted);font-family:inherit;font-size:12px;
  font-variant-numeric:tabular-nums;overflow:visible}
.chart text{white-space:pre}
.narrow,.paper{display:none}
.legend{display:flex;flex-wrap:wrap;gap:.3rem 1.3rem;list-style:none;padding:0;margin:.4rem 0 .8rem;font-size:.88rem}
.legend .strong bdi{font-weight:700}
.block{width:.85rem;height:.85rem;border-radius:3px;display:inline-block;flex:none}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(300px,1fr));gap:1.6rem 2rem}
.grid figure{margin:0;min-width:0}
.grid .chart{width:100%}
.pairs{grid-template-columns:repeat(auto-fill,minmax(min(100%,440px),1fr))}.pairs .chart{max-width:430px}
`;

const PHONE = `
@media (max-width:720px){
.wide{display:none}.narrow{display:block}.narrow .chart{width:100%}
main,header.top,footer{padding-left:1rem;padding-right:1rem}
.bar>div{padding:0 1rem;gap:.6rem}.bar a{padding:.7rem .5rem}
.theme label{padding:.12rem .4rem}
section{padding:1.4rem 1.1rem 1.5rem;border-radius:12px;margin:1rem 0}
header.top{padding-top:2rem}
.why li{grid-template-columns:1fr}
.who{flex-direction:row;align-items:center;justify-content:space-between}
.first-wide th:first-child{min-width:9rem}
.figures{grid-template-columns:1fr 1fr;gap:1rem}
.figures dd{font-size:1.4rem}
th,td{padding:.45rem .6rem}
tbody th{max-width:11rem;overflow-wrap:anywhere}
.grid{grid-template-columns:1fr}
}
`;

const PRINT = `
@media print{
@page{margin:14mm}
body{font-size:10.5pt}
.bar,.skip{display:none}
section{border:0;padding:0;margin:0 0 8mm;border-radius:0}
#verdict{border-top:2pt solid var(--accent);padding-top:4mm}
header.top,main,footer{padding-left:0;padding-right:0;max-width:none}
header.top{padding-top:0}
h2,h3,figcaption,summary,.lead,.legend{break-after:avoid}
figure,tr,.why li{break-inside:avoid}
.scroll{overflow:visible}
table,.tight,.small,thead th{font-size:7pt;overflow-wrap:anywhere}
thead .num{white-space:normal}
.first-wide th:first-child,.text td,.text th,.text td:last-child{min-width:0}
.sub,.small .note{font-size:6.5pt}
.badge{font-size:6.5pt;padding:0 .35rem}
table .name{gap:.25rem}table .swatch{width:10px}
.figures{grid-template-columns:repeat(5,1fr);gap:.6rem}.figures dd{font-size:13pt}
.why li{grid-template-columns:13rem 1fr}.who{justify-content:flex-start}
th,td{padding:.2rem .3rem}
tbody th{position:static}
details:not([open]){display:none}
.paper{display:block}
.narrow{display:none}.wide{display:block}
.badge{border:1px solid currentColor}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
`;
