import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  CHINOOK_MISSING,
  CHINOOK_ROWS,
  loadChinookWithUsers,
  nameIn,
  readChinookSchema,
} from './helpers/chinook.ts';
import { assertSame } from './helpers/ddl-closure.ts';
import { clonePhaseProject, type PhaseProject } from './helpers/phase-project.ts';
import type { Snapshot } from './helpers/snapshot.ts';

const OWNER = 'cm3owner0000';

for (const provider of ['sqlite', 'postgresql'] as const) {
  const names = Object.keys(CHINOOK_ROWS).map((model) => nameIn(provider, model));
  const models = `--models=${names.join(',')}`;
  describe(`all phases of Chinook on ${provider}, eight models chosen`, { skip: CHINOOK_MISSING }, () => {
    let project: PhaseProject;
    let atFirst: Snapshot;
    let assigned: Snapshot;
    const schema = () => readChinookSchema(provider);
    before(async () => {
      project = await clonePhaseProject(provider, {
        schema: { 'schema.prisma': schema() },
        rows: loadChinookWithUsers,
      });
      await project.assertNoDrift();
      atFirst = await project.snapshot();
    });
    after(() => project?.drop());

    it('phase 1', async () => {
      await project.succeed(`schema --phase=1 --sql --write ${models}`);
      await project.deploy();
    });

    it('phase 2', async () => {
      for (const step of [1, 2, 3]) await project.succeed(`production-safe ${OWNER} --step=${step}`);
      assigned = await project.snapshot();
    });

    it('phase 3', async () => {
      const answer = JSON.parse(await project.succeed('schema --phase=3 --sql --write --json'));
      const rows = answer.models.map(({ model, rows: count }: { model: string; rows: number }) => [
        model,
        count,
      ]);
      const expected = Object.entries(CHINOOK_ROWS).map(([model, count]) => [nameIn(provider, model), count]);
      assert.deepEqual(rows.sort(), expected.sort());
      await project.deploy();
      await project.succeed(`production-safe ${OWNER} --step=3`);
    });

    it('and back again, to the byte', async () => {
      await project.succeed('rollback --confirm --phase=3');
      await project.deploy();
      assertSame(await project.snapshot(), assigned);
      await project.succeed('rollback --confirm');
      await project.succeed('rollback --confirm --phase=1');
      await project.deploy();
      assert.deepEqual(project.readSchema(), { 'schema.prisma': schema() });
      assertSame(await project.snapshot(), atFirst);
    });
  });
}
