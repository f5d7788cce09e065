import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { StatusAnswer } from '../src/commands/results.ts';
import { PROVIDERS } from './helpers/database.ts';
import { createProject, type PrismaProject } from './helpers/prisma-project.ts';
import { typeCommand } from './helpers/typed.ts';

type Phase = 'none' | 'optional' | 'required';

function schemaOf(provider: string, phase: Phase): string {
  const mark = phase === 'optional' ? '?' : '';
  const owner =
    phase === 'none'
      ? ''
      : `userId String${mark}
  user   User${mark}   @relation(fields: [userId], references: [id], onDelete: Restrict)`;
  const list = (name: string) => (phase === 'none' ? '' : `${name}s ${name}[]`);
  return `datasource db {
  provider = "${provider}"
}

model User {
  id    String @id
  email String @unique
  ${list('Note')}
  ${list('Tag')}
}

model Note {
  id   Int    @id
  text String
  ${owner}
}

model Tag {
  name String @id
  ${owner}
}
`;
}

const ROWS = `INSERT INTO "User" VALUES ('u1', 'ana@example.com'), ('u2', 'ben@example.com');
  INSERT INTO "Note" VALUES (1, 'a'), (2, 'b'), (3, 'c'); INSERT INTO "Tag" VALUES ('x'), ('y');`;

for (const provider of PROVIDERS) {
  describe(`the procedure that status leads through on ${provider}`, () => {
    let project: PrismaProject;
    before(async () => {
      project = await createProject(provider, { models: '', migrations: {} });
      setPhase('none');
      await type('npx prisma migrate dev --name init');
      await project.run(ROWS);
    });
    after(() => project?.drop());

    const setPhase = (phase: Phase) => writeFileSync(project.schemaPath, schemaOf(provider, phase));
    const type = async (command: string) => {
      const { code, stdout, stderr } = await typeCommand(project, command);
      assert.equal(code, 0, `${command}: ${stdout}${stderr}`);
      return stdout;
    };
    const read = async (): Promise<StatusAnswer & { states: Record<string, string> }> => {
      const answer = JSON.parse(await type('npm run migration:status -- --json')) as StatusAnswer;
      const states = Object.fromEntries((answer.checklist ?? []).map(({ line, state }) => [line, state]));
      return { ...answer, states };
    };
    const proofOf = ({ checklist }: StatusAnswer, name: string) =>
      checklist?.find(({ line }) => line === name)?.proof ?? '';
    /** Types the last line of the status as long as it is a tick; returns the lines that were ticked, and the last line then. */
    const tickAll = async () => {
      const ticked: string[] = [];
      let text = await type('npm run migration:status');
      for (;;) {
        const next = text.trimEnd().split('\n').at(-1) ?? '';
        const line = /^ {2}npm run migration:status -- --tick=(\w+)/.exec(next)?.[1];
        if (line === undefined) return { ticked, next };
        ticked.push(line);
        text = await type(next.trim());
      }
    };

    it('begins with what only people can do, before anything is there', async () => {
      const answer = await read();
      assert.deepEqual(
        [answer.states['phase1-schema'], answer.states['phase1-applied'], answer.states.users],
        ['open', 'open', 'done'],
      );
      assert.equal(answer.next, 'npm run migration:backup -- --verify');
      for (const line of ['backup', 'staging'])
        await type(`npm run migration:status -- --tick=${line} --note="by hand"`);
      assert.deepEqual(await tickAll(), {
        ticked: ['team'],
        next: '  npm run migration:schema -- --phase=1',
      });
    });

    it('goes on with phase 1, which is applied once the database has it', async () => {
      setPhase('optional');
      const answer = await read();
      assert.deepEqual([answer.states['phase1-schema'], answer.states['phase1-applied']], ['done', 'open']);
      assert.equal(proofOf(answer, 'phase1-applied'), 'no owner column in Note, Tag');
      assert.equal(answer.next, 'npx prisma migrate dev --name "add-optional-user-relations"');
      await type(answer.next);
      const applied = await read();
      assert.match(
        proofOf(applied, 'phase1-applied'),
        /^in 2 tables, by \d{14}_add_optional_user_relations$/,
      );
    });

    it('has the user chosen, and the rows assigned, and verifies them by itself', async () => {
      const unassigned = await read();
      assert.equal(unassigned.next, 'npm run migration:list-users');
      assert.equal(
        proofOf(unassigned, 'check'),
        '5 rows without an owner in 2 models; no user is chosen yet',
      );
      assert.match(await type(unassigned.next), /npm run migration:check <id>/);
      await type('npm run migration:production-safe u1 -- --step=1');
      await type('npm run migration:production-safe u1 -- --step=2');
      const { states, ...answer } = await read();
      for (const line of ['users', 'check', 'assign', 'verify', 'no-loss', 'all-assigned'])
        assert.equal(states[line], 'done', line);
      assert.match(proofOf(answer, 'assign'), /^run [0-9a-f]{8}: 5 of 5 rows$/);
      assert.match(
        proofOf(answer, 'verify'),
        /^every one of 5 rows has an owner who is there, read at \S+Z$/,
      );
      await type('npm run migration:production-safe u1 -- --step=3');
      assert.deepEqual(await tickAll(), { ticked: ['app'], next: '  npm run migration:schema -- --phase=3' });
    });

    it('believes nothing because it was true before', async () => {
      await project.run(`INSERT INTO "Note" (id, text) VALUES (4, 'late')`);
      const { states, next } = await read();
      assert.deepEqual([states.assign, states.verify, states['phase3-schema']], ['open', 'open', 'open']);
      assert.equal(next, 'npm run migration:assign u1');
      await type(next);
      assert.equal((await read()).states.verify, 'done');
    });

    it('says of a migration that failed how to go on', async () => {
      setPhase('required');
      const name = '29990101000000_broken';
      mkdirSync(join(project.folder, 'migrations', name));
      writeFileSync(
        join(project.folder, 'migrations', name, 'migration.sql'),
        'SELECT nonsense FROM nowhere;',
      );
      assert.equal((await read()).next, 'npx prisma migrate deploy');
      assert.notEqual((await typeCommand(project, 'npx prisma migrate deploy')).code, 0);
      const failed = await read();
      assert.deepEqual(
        [failed.states['phase3-applied'], proofOf(failed, 'phase3-applied'), failed.next],
        ['failed', `migration ${name} failed`, `npx prisma migrate resolve --rolled-back ${name}`],
      );
      await type(failed.next);
      assert.equal((await read()).states['phase3-applied'], 'open');
      rmSync(join(project.folder, 'migrations', name), { recursive: true });
      await project.run(`DELETE FROM _prisma_migrations WHERE migration_name = '${name}'`);
    });

    it('goes on with phase 3, and verifies once more', async () => {
      const { next } = await read();
      assert.equal(next, 'npx prisma migrate dev --name "make-user-fields-required"');
      await type(next);
      const answer = await read();
      assert.match(proofOf(answer, 'phase3-applied'), /^in 2 tables, by \d{14}_make_user_fields_required$/);
      assert.equal(answer.states['final-verify'], 'done');
    });

    it('ends when nothing is left to do', async () => {
      assert.equal((await read()).next, 'npm run migration:isolation -- --scan=src');
      await type('npm run migration:status -- --tick=filter --note="by hand"');
      const { next: check } = await read();
      assert.equal(check, 'npm run migration:isolation -- --check');
      await type(check);
      assert.match(proofOf(await read(), 'isolation'), /^no leak in \d+ attempts \(extension\), checked at /);
      assert.deepEqual(await tickAll(), {
        ticked: ['monitor', 'performance'],
        next: 'Nothing is left to do.',
      });
      const { checklist, next } = await read();
      assert.equal(next, '');
      assert.deepEqual(
        checklist?.filter(({ state }) => state !== 'done').map(({ line, state }) => [line, state]),
        [
          ['rollback', 'notApplicable'],
          ['restore', 'notApplicable'],
        ],
      );
    });

    it('is a document for a change ticket, without the password and the URL', async () => {
      const text = await type('npm run migration:status -- --markdown');
      assert.match(text, /^# Ownership migration of /);
      assert.equal(text.match(/^- \[x\] /gm)?.length, 21);
      assert.ok(!text.includes(project.url));
    });
  });
}
