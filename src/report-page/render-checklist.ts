import type { ChecklistLine } from '../checklist/lines.ts';
import { countStates, groupByPart, STATES } from '../report/checklist.ts';
import { type Html, html } from './html.ts';
import { renderBadge, renderProse } from './parts.ts';

const SIGNS: Record<ChecklistLine['state'], string> = {
  done: '✓',
  open: '○',
  failed: '✕',
  notApplicable: '–',
};

/** The checklist, part by part, with what proves each line. */
export function renderChecklist(lines: readonly ChecklistLine[] | null): Html {
  if (lines === null) return html`<p>It could not be read. The findings say why.</p>`;
  return html`<p class="note">${countStates(lines)}. Each line was read afresh for this report. Open is what is not done yet, or what nobody has said to be done.</p>
${groupByPart(lines).map(
  ([part, group]) => html`<h3>${part}</h3>
<ul class="lines">${group.map(renderLine)}</ul>
`,
)}`;
}

function renderLine({ state, title, proof, remedy }: ChecklistLine): Html {
  const isToDo = (state === 'open' || state === 'failed') && remedy !== '';
  return html`<li><span>${renderBadge(state, `${SIGNS[state]} ${STATES[state]}`)}</span>
<span class="title">${title}</span>
<div class="proof">${renderProse(proof)}${isToDo && html`<pre>${remedy}</pre>`}</div></li>
`;
}
