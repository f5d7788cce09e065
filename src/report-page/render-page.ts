import { createHash } from 'node:crypto';
import { describeDatabase, formatCount } from '../report/text.ts';
import { DRAW_PLOTS } from './draw-plots.ts';
import { type Content, type Html, html, toScriptJson, trusted } from './html.ts';
import { renderFacts, renderProse, renderSection, renderTable, renderTime } from './parts.ts';
import { planPlots } from './plot-data.ts';
import { renderChecklist } from './render-checklist.ts';
import { renderBackups } from './render-backups.ts';
import { renderFindings } from './render-findings.ts';
import { renderProgress } from './render-progress.ts';
import { renderProof } from './render-proof.ts';
import { renderRehearsals } from './render-rehearsal.ts';
import { renderRows } from './render-rows.ts';
import { describeFlags, renderRuns } from './render-run.ts';
import type { ReportAnswer, Verdict } from './report-data.ts';
import { STYLES } from './styles.ts';
import type { PlotLibrary } from './uplot.ts';

/** What every report begins with, and no other file: only such a one is replaced. */
export const REPORT_BEGIN =
  '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="generator" content="prisma-ownership migration:report">\n';

const VERDICTS: Record<Verdict['state'], string> = {
  done: 'Done and verified',
  open: 'Not finished',
  failed: 'Failed',
  unknown: 'Not known',
};

/** The whole page as one file, which asks the network for nothing. Pure: the same answer gives the same page. */
export function renderPage(answer: ReportAnswer, library: PlotLibrary): string {
  const title = `Ownership migration of ${answer.database.name}`;
  const sections = listSections(answer);
  const plots = answer.runs.flatMap((run) => planPlots(run) ?? []);
  const scripts = plots.length > 0 ? [library.script, DRAW_PLOTS] : [];
  return html`${trusted(REPORT_BEGIN)}<meta http-equiv="Content-Security-Policy" content="${describePolicy(scripts)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${trusted(library.styles)}${trusted(STYLES)}</style>
</head>
<body>
<a class="skip" href="#main">To the content</a>
${renderHeader(answer, title)}
<nav aria-label="Contents"><ol>${sections.map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)}</ol></nav>
<main id="main">
${renderVerdict(answer)}
${sections.map(([id, name, content]) => renderSection(id, name, content))}
</main>
<footer><p>Written by prisma-ownership ${answer.toolVersion} from the database and its journal, read at ${renderTime(answer.time)}.
Times are in UTC, by the database's clock. <code>migration:report -- --json</code> has the same numbers.</p></footer>
${
  scripts.length > 0 &&
  html`<script type="application/json" id="plot-data">${toScriptJson(plots)}</script>
`
}${scripts.map(
  (script) => html`<script>${trusted(script)}</script>
`,
)}</body>
</html>
`.markup;
}

/** Scripts by their hashes, so that only these run; styles inline; anything else, and every connection, is refused. */
function describePolicy(scripts: readonly string[]): string {
  const hashes = scripts.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  return `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src ${hashes.join(' ') || "'none'"}; base-uri 'none'; form-action 'none'`;
}

function listSections(answer: ReportAnswer): [id: string, name: string, content: Content][] {
  return [
    ['checklist', 'Checklist', renderChecklist(answer.checklist)],
    ['rows', 'Rows by owner', renderRows(answer.rows)],
    ['progress', 'Progress', renderProgress(answer.runs)],
    ['findings', 'Findings', renderFindings(answer.findings)],
    ['proof', 'Proof', renderProof(answer.runs)],
    ['backups', 'Backups', renderBackups(answer)],
    ['rehearsals', 'Rehearsals', renderRehearsals(answer.rehearsals)],
    ['runs', 'Runs and logs', renderRuns(answer.runs)],
    ['settings', 'Settings', renderSettings(answer)],
  ];
}

function renderHeader(
  { database, serverVersion, time, toolVersion, runs }: ReportAnswer,
  title: string,
): Html {
  return html`<header><p class="kicker">prisma-ownership, migration report</p>
<h1>${title}</h1>
${renderFacts([
  ['Database', describeDatabase(database)],
  ['Server', describeServer(database.provider, serverVersion)],
  ['Read at', renderTime(time)],
  ['Tool', `prisma-ownership ${toolVersion}`],
  ['Runs', runs.length === 0 ? 'none yet' : formatCount(runs.length)],
])}</header>`;
}

function describeServer(provider: string, version: string): string {
  const names: Record<string, string> = { postgresql: 'PostgreSQL', sqlite: 'SQLite' };
  return `${names[provider] ?? (/mariadb/i.test(version) ? 'MariaDB' : 'MySQL')} ${version}`;
}

function renderVerdict({ verdict: { state, text }, next }: ReportAnswer): Html {
  return html`<section class="verdict ${state}" aria-labelledby="verdict-title">
<h2 id="verdict-title">${VERDICTS[state]}</h2>
<p>${renderProse(text)}</p>
${next !== '' && html`<p>Next:</p><pre>${next}</pre>`}
</section>`;
}

function renderSettings({ settings, guards, replicas }: ReportAnswer): Html {
  const { flags, ownerModel, models } = settings;
  return html`${renderFacts([
    ['Model of the users', ownerModel ?? 'not known'],
    ['Flags of this report', describeFlags(flags)],
    ['Guards', guards.length === 0 ? 'none' : guards.map(({ model }) => model).join(', ')],
    replicas.length > 0 && ['Replicas', replicas.map(({ replica }) => replica).join(', ')],
  ])}
${
  models === null
    ? html`<p>The schema could not be read, so it is not known what takes part.</p>`
    : renderTable(
        'Models, and why they take part or not',
        [
          { title: 'model' },
          { title: 'class' },
          { title: 'owner column' },
          { title: 'table' },
          { title: 'why', kind: 'long' },
        ],
        models.map((each) => [each.model, each.class, each.ownerColumn ?? '–', each.table, each.reason]),
      )
}`;
}
