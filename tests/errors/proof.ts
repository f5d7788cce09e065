import * as errors from '../../src/errors/proof.ts';
import type { ExpectedTexts } from './expected.ts';

export const PROOF_ERRORS: ExpectedTexts<typeof errors> = {
  proofFailed: {
    error: errors.proofFailed({
      run: '7f3a',
      userId: 'ana',
      model: 'Note',
      sequence: 3,
      rows: 25,
      keys: [
        ['1', 'a'],
        ['2', 'b'],
      ],
      columns: ['updatedAt', 'version'],
      triggers: ['note_touch'],
    }),
    code: 'PROOF_FAILED',
    message: `batch 3 of Note was rolled back: with the owner something else changed in its rows: the columns "updatedAt", "version".
They are 25 rows; the first have the keys 1, a; 2, b.
The update fires "note_touch".
All batches before it are committed as run 7f3a; nothing of this one is changed.`,
    remedy: `Disable what changes them for the time of step 2, or leave --proof out, and carry on:
  npm run migration:assign ana
To undo what was done:
  npm run migration:rollback -- --confirm --run 7f3a`,
  },
};
