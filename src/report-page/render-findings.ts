import type { Finding } from '../ownership/findings.ts';
import { type Html, html } from './html.ts';
import { renderBadge, renderProse, renderRemedy } from './parts.ts';

const ORDER = ['error', 'warning', 'info'];

/** The findings, the gravest first, each with what to do; what is so of several models, and mended in the same way, is said once. */
export function renderFindings(findings: readonly Finding[]): Html {
  if (findings.length === 0) return html`<p>None.</p>`;
  const sorted = [...findings].sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
  return html`<ul class="lines findings">${groupAlike(sorted).map(renderGroup)}</ul>`;
}

/** Those that differ in nothing but their model and what follows the first line of the remedy, where the first of them is. */
function groupAlike(findings: readonly Finding[]): Finding[][] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const { severity, code, message, remedy } = finding;
    const key = JSON.stringify([severity, code, message, remedy.split('\n')[0]]);
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()];
}

function renderGroup(group: readonly Finding[]): Html | null {
  const [first] = group;
  if (!first) return null;
  const { severity, message, code } = first;
  const models = group.flatMap(({ model }) => model ?? []);
  const [head = ''] = first.remedy.split('\n');
  const rest = [...new Set(group.flatMap(({ remedy }) => remedy.split('\n').slice(1)))];
  return html`<li><span>${renderBadge(severity)}</span>
<div class="proof">${models.length > 0 && html`<b>${models.join(', ')}</b>: `}${renderProse(message)} <span class="code">${code}</span>
${renderRemedy([head, ...rest].join('\n'))}</div></li>
`;
}
