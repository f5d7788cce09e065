import type { ChecklistLine } from '../checklist/lines.ts';
import type { StatusAnswer } from '../commands/results.ts';
import { countOf } from '../ownership/findings.ts';
import type { Verdict } from './report-data.ts';

type RunAnswer = StatusAnswer['runs'][number];

/** Decides what the whole report says, in words. Pure. */
export function decideVerdict(
  checklist: readonly ChecklistLine[] | null,
  runs: StatusAnswer['runs'],
): Verdict {
  if (checklist === null)
    return {
      state: 'unknown',
      text: 'The checklist could not be read; the findings say why. What is said of runs comes from the journal alone.',
    };
  const failed = checklist.filter(({ state }) => state === 'failed');
  const open = checklist.filter(({ state }) => state === 'open').length;
  const facts = describeRows(checklist, runs);
  if (failed[0]) {
    const { title, proof } = failed[0];
    const others = failed.length > 1 ? ` ${countOf(failed.length - 1, 'more line')} failed.` : '';
    return { state: 'failed', text: `${facts} Failed: ${title}: ${endSentence(proof)}${others}` };
  }
  if (open > 0)
    return {
      state: 'open',
      text: `${facts} ${countOf(open, 'line')} of the checklist ${open === 1 ? 'is' : 'are'} still open.`,
    };
  return { state: 'done', text: `${facts} Every line of the checklist is done.` };
}

/** What is true of the rows, in one sentence. */
function describeRows(checklist: readonly ChecklistLine[], runs: StatusAnswer['runs']): string {
  const find = (name: string) => checklist.find(({ line }) => line === name);
  const live = runs.find(({ process }) => process !== null);
  if (live) return `Run ${live.id} is being worked on: ${describeAssigned(live)}.`;
  const verify = find('verify');
  if (verify?.state === 'done') return `${capitalize(verify.proof)}.`;
  const [latest] = runs;
  if (latest?.status === 'rolledBack')
    return `Run ${latest.id} was rolled back: the owner was taken back from ${countOf(sumModels(latest, 'reverted'), 'row')}, and no row holds what it wrote.`;
  if (!latest) return 'No row was given an owner yet.';
  return `Run ${latest.id} is ${latest.status}: ${describeAssigned(latest)}.`;
}

function describeAssigned(run: RunAnswer): string {
  const [assigned, reverted] = [sumModels(run, 'assigned'), sumModels(run, 'reverted')];
  const back = reverted > 0 ? `, and a rollback took it back from ${countOf(reverted, 'row')}` : '';
  return `${assigned.toLocaleString('en-US')} of ${countOf(sumModels(run, 'toAssign'), 'row')} have got their owner${back}`;
}

function sumModels({ models }: RunAnswer, key: 'assigned' | 'toAssign' | 'reverted'): number {
  return models.reduce((all, each) => all + each[key], 0);
}

function capitalize(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function endSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
