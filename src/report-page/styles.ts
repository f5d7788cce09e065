/** The look of the page. Paper is always light; contrasts are those of WCAG 2.2, level AA, or better. */
export const STYLES = `
:root {
  color-scheme: light;
  --page: #ffffff; --raised: #f4f6f8; --text: #1c2733; --muted: #4f5b67; --line: #ccd4dc;
  --link: #0a5a9c; --done: #146c3a; --open: #7a5200; --failed: #b3261e; --none: #56616c;
  --done-fill: #e4f3ea; --open-fill: #fdf2dc; --failed-fill: #fce8e6; --none-fill: #eceff2;
  --mine: #0067a8; --others: #b84a00; --orphaned: #8a2be2; --unowned: #c3cbd3;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    color-scheme: dark;
    --page: #12171d; --raised: #1b222a; --text: #e4e9ee; --muted: #a9b4bf; --line: #3a4550;
    --link: #7cc0f2; --done: #7ed6a0; --open: #f2c063; --failed: #ff9d94; --none: #a9b4bf;
    --done-fill: #173525; --open-fill: #3a2c0d; --failed-fill: #43201d; --none-fill: #262f38;
    --mine: #62bdf0; --others: #f0a73a; --orphaned: #c9a2ff; --unowned: #55616d;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body {
  margin: 0 auto; max-width: 72rem; padding: 0 1.25rem 4rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
h1, h2, h3, h4 { line-height: 1.25; text-wrap: balance; overflow-wrap: anywhere; }
h1 { font-size: 1.75rem; margin: .25rem 0 1rem; }
h2 { font-size: 1.3rem; margin: 3rem 0 .75rem; padding-top: .75rem; border-top: 2px solid var(--line); }
h3 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
h4 { font-size: 1rem; margin: 1.5rem 0 .25rem; }
p, ul, ol, dl { margin: .5rem 0; }
a { color: var(--link); }
code, pre { font: .875em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; }
code { overflow-wrap: anywhere; }
pre { margin: .35rem 0; padding: .5rem .75rem; background: var(--raised); border: 1px solid var(--line); border-radius: 4px;
  overflow-x: auto; }
.note { color: var(--muted); font-size: .9rem; max-width: 70ch; }
.skip { position: absolute; left: -100vw; }
.skip:focus { position: static; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.kicker { margin: 2.5rem 0 0; color: var(--muted); font-size: .9rem; letter-spacing: .02em; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(12rem, 100%), 1fr)); gap: .75rem 1.5rem; margin: 1rem 0; }
.facts dt { color: var(--muted); font-size: .85rem; }
.facts dd { margin: 0; overflow-wrap: anywhere; }
nav ol { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: 0; list-style: none; }
.verdict { margin: 1.5rem 0; padding: 1rem 1.25rem; border: 1px solid var(--line); border-left: 6px solid var(--none); border-radius: 4px;
  background: var(--raised); }
.verdict h2 { margin: 0 0 .25rem; padding: 0; border: 0; }
.verdict p { max-width: 75ch; overflow-wrap: anywhere; }
.verdict.done { border-left-color: var(--done); } .verdict.open { border-left-color: var(--open); }
.verdict.failed { border-left-color: var(--failed); }
.badge { display: inline-block; padding: 0 .5rem; border: 1px solid currentColor; border-radius: 1rem; font-size: .8rem; font-weight: 600;
  line-height: 1.5; white-space: nowrap; color: var(--none); background: var(--none-fill); }
.badge.done, .badge.completed { color: var(--done); background: var(--done-fill); }
.badge.open, .badge.warning, .badge.running, .badge.paused { color: var(--open); background: var(--open-fill); }
.badge.failed, .badge.error { color: var(--failed); background: var(--failed-fill); }
.lines { padding: 0; list-style: none; border-top: 1px solid var(--line); }
.lines > li { display: grid; grid-template-columns: 5.5rem minmax(10rem, 17rem) minmax(0, 1fr); gap: .1rem 1rem; padding: .45rem 0;
  border-bottom: 1px solid var(--line); break-inside: avoid; }
.lines .title { font-weight: 600; }
.lines .proof { overflow-wrap: anywhere; }
.findings > li { grid-template-columns: 5.5rem minmax(0, 1fr); }
.findings .code { color: var(--muted); font-size: .85rem; }
.scroll { overflow-x: auto; margin: .75rem 0 1rem; }
table { border-collapse: collapse; font-size: .925rem; font-variant-numeric: tabular-nums; min-width: 40%; }
caption { text-align: left; font-weight: 600; padding-bottom: .35rem; }
th, td { padding: .35rem .9rem .35rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--muted); font-weight: 600; font-size: .85rem; vertical-align: bottom; border-bottom: 2px solid var(--line); }
tbody th { font-weight: 600; white-space: nowrap; }
td.number, th.number { text-align: right; white-space: nowrap; }
td.group { padding-left: 1.5rem; }
thead td { border: 0; }
thead th[scope="colgroup"] { border-bottom-width: 1px; }
th.time, td.time, time { white-space: nowrap; }
tbody th.time, tbody th.when { font-weight: 400; }
tbody.pair tr:first-child > .cell { border-bottom: 0; padding-bottom: .1rem; }
tbody.pair tr + tr > .cell { padding-top: .1rem; }
td.long { overflow-wrap: anywhere; min-width: 12rem; }
tfoot th, tfoot td, tbody.total th, tbody.total td { font-weight: 600; }
.share { display: flex; width: 9rem; height: .8rem; margin-top: .35rem; border-radius: 2px; overflow: hidden; background: var(--none-fill);
  print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.share span { min-width: 2px; }
.share .unowned { order: 1; }
.mine { background: var(--mine); } .others { background: var(--others); } .orphaned { background: var(--orphaned); }
.unowned { background: repeating-linear-gradient(135deg, var(--unowned) 0 3px, transparent 3px 6px); }
.key { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: 0; list-style: none; font-size: .9rem; }
.key span { display: inline-block; width: .9rem; height: .8rem; margin-right: .4rem; border-radius: 2px; vertical-align: -.05rem;
  print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.run { margin: 2rem 0 3rem; }
.run + .run { border-top: 1px solid var(--line); padding-top: .5rem; }
.plot { margin: 1.5rem 0; break-inside: avoid; }
.plot figcaption { font-weight: 600; }
.plot .canvas { overflow: hidden; margin-top: .25rem; }
.plot details { font-size: .925rem; }
summary { cursor: pointer; color: var(--link); }
.uplot .u-legend, .uplot .u-legend tbody { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; min-width: 0; }
.uplot .u-legend { margin: .25rem 0; font-size: .875rem; text-align: left; }
.uplot .u-legend th, .uplot .u-legend td { padding: 0; border: 0; font-weight: 400; }
.uplot .u-legend .u-value { min-width: 4rem; margin-left: .5rem; font-weight: 600; }
.uplot .u-legend .u-marker { border-radius: 50%; margin-right: .4rem; }
.uplot .u-inline.u-live th::after { content: ""; }
.uplot .u-legend tr:first-child { order: 9; }
.uplot:not(:hover) .u-legend tr:first-child, .uplot .u-legend tr:first-child .u-marker { display: none; }
footer { margin-top: 3rem; padding-top: .75rem; border-top: 2px solid var(--line); color: var(--muted); font-size: .9rem; }
@media (max-width: 40rem) {
  body { padding: 0 .9rem 3rem; }
  .lines > li { grid-template-columns: 5.5rem minmax(0, 1fr); }
  .lines .proof { grid-column: 2; }
}
@media print {
  @page { margin: 14mm; }
  html { font-size: 9.5pt; }
  body { max-width: none; padding: 0; }
  nav, .skip, .plot details { display: none; }
  h1, h2, h3, h4 { break-after: avoid; }
  h2 { margin-top: 1.5rem; }
  .scroll { overflow: visible; }
  table { font-size: .85rem; width: 100%; }
  caption { break-after: avoid; }
  th, td { padding-right: .75rem; }
  tbody th { white-space: normal; }
  td.group { padding-left: .5rem; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  thead { display: table-header-group; }
  tr, .verdict, .plot { break-inside: avoid; }
  th.time, td.time, th.time time, td.time time { white-space: normal; }
  .note { max-width: none; }
  .uplot .u-legend .u-marker { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .uplot .u-legend .u-value { display: none; }
  td.long { min-width: 0; }
  a { color: inherit; text-decoration: none; }
}
`;
