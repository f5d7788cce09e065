import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import type { ChecklistLine, LineName, LineState } from '../../src/checklist/lines.ts';
import { decideVerdict } from '../../src/report-page/verdict.ts';
import { describeRun, listBatches } from '../helpers/report-answer.ts';

function line(name: LineName, state: LineState, proof = ''): ChecklistLine {
  return { line: name, part: 'Before', title: `The line ${name}`, state, proof, remedy: '' };
}

const RUN = describeRun(listBatches(12));
const VERIFIED = line('verify', 'done', 'every one of 1,200 rows has an owner who is there, read at noon');

describe('the verdict', () => {
  it('is not known without a checklist', () => {
    assert.deepEqual(decideVerdict(null, [RUN]), {
      state: 'unknown',
      text: 'The checklist could not be read; the findings say why. What is said of runs comes from the journal alone.',
    });
  });

  it('says that nothing was done before the first run', () => {
    assert.deepEqual(decideVerdict([line('backup', 'open')], []), {
      state: 'open',
      text: 'No row was given an owner yet. 1 line of the checklist is still open.',
    });
  });

  it('says how far a run is that is worked on', () => {
    const process = { command: 'x', host: 'h', pid: 1, heartbeat: '' };
    const { text } = decideVerdict([line('app', 'open'), line('team', 'open')], [{ ...RUN, process }]);
    assert.equal(
      text,
      'Run 6db8093e is being worked on: 1,200 of 1,200 rows have got their owner. 2 lines of the checklist are still open.',
    );
  });

  it('says of a run that is not verified how it stands', () => {
    const { text } = decideVerdict([line('verify', 'open')], [{ ...RUN, status: 'paused' }]);
    assert.match(text, /^Run 6db8093e is paused: 1,200 of 1,200 rows have got their owner\. /);
  });

  it('says that a run was rolled back', () => {
    const models = RUN.models.map((each) => ({ ...each, reverted: 1180 }));
    const run = { ...RUN, status: 'rolledBack', models } as const;
    const { state, text } = decideVerdict([line('verify', 'open')], [run]);
    assert.equal(state, 'open');
    assert.match(
      text,
      /^Run 6db8093e was rolled back: the owner was taken back from 1,180 rows, and no row holds what it wrote\. /,
    );
  });

  it('says how far a rollback is that is not finished', () => {
    const models = RUN.models.map((each) => ({ ...each, reverted: 500 }));
    const { text } = decideVerdict([line('verify', 'open')], [{ ...RUN, status: 'paused', models }]);
    assert.match(
      text,
      /^Run 6db8093e is paused: 1,200 of 1,200 rows have got their owner, and a rollback took it back from 500 rows\. /,
    );
  });

  it('has failed with the first line that did, although others are done', () => {
    const lines = [VERIFIED, line('check', 'failed', '2 errors: no index'), line('no-loss', 'failed', 'x')];
    assert.deepEqual(decideVerdict(lines, [RUN]), {
      state: 'failed',
      text: 'Every one of 1,200 rows has an owner who is there, read at noon. Failed: The line check: 2 errors: no index. 1 more line failed.',
    });
  });

  it('is done where every line is, or does not apply', () => {
    assert.deepEqual(decideVerdict([VERIFIED, line('rollback', 'notApplicable')], [RUN]), {
      state: 'done',
      text: 'Every one of 1,200 rows has an owner who is there, read at noon. Every line of the checklist is done.',
    });
  });
});
