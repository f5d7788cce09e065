import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { MANIFEST_FILE } from '../backup/manifest.ts';
import { isBackupOf, readBackup } from '../backup/read-backup.ts';
import type { DatabaseUrl } from '../database/database-url.ts';
import type { Database } from '../database/dialect.ts';
import { backupNotFound, backupOfAnother, phaseNotDone } from '../errors.ts';
import { listMigrations } from '../migrations/folder.ts';
import { findOwnerHistory } from '../migrations/owner-history.ts';
import { hasErrors } from '../ownership/findings.ts';
import { selectModels } from '../ownership/plan.ts';
import { readColumnPhases } from '../ownership/survey.ts';
import type { OwnedModel } from '../schema/decide.ts';
import { planRemoveOwners } from '../schema/edit/remove.ts';
import { countOwners } from './count-owners.ts';
import { ownerNotRemoved } from './findings.ts';
import { planPhaseMigrations } from './migrations.ts';
import { toOwnerColumn } from './owner-columns.ts';
import { type PhasePlan, type PhaseProject, planSchemaChanges } from './plan.ts';

/**
 * Plans to take phase 1 back: the owner columns of the chosen models, or of all that a migration added to a table that was
 * there, go from the schema, and from the database in migrations. Plans nothing while owners would be lost that the journal
 * does not know, unless a backup is named. Writes nothing. Throws PHASE_NOT_DONE, BACKUP_NOT_FOUND, BACKUP_OF_ANOTHER, MODEL_NOT_OWNED, and as
 * `planPhaseMigrations`.
 */
export async function planUndoPhase1(
  project: PhaseProject,
  database: Database,
  { models, backup }: { models: readonly string[] | undefined; backup: string | undefined },
): Promise<PhasePlan> {
  const { located, schema, decision } = project;
  if (backup !== undefined) assertBackup(backup, resolve(project.cwd, backup), database.url);
  const { owned } = selectModels(decision, models);
  const stored = listMigrations(located.migrations);
  const phases = await database.read((session) => readColumnPhases(session, database, owned));
  const isThere = ({ model }: OwnedModel) => ['optional', 'required'].includes(phases.get(model.name) ?? '');
  const chosen = owned.filter(
    (each) => models !== undefined || !isThere(each) || findOwnerHistory(stored, each).addedBy !== null,
  );
  if (chosen.length === 0) throw phaseNotDone(1);
  const { counted, findings } = await database.read((session) =>
    countOwners(session, database, { chosen, hasBackup: backup !== undefined }),
  );
  const edit = planRemoveOwners(located.files, schema, {
    owner: decision.owner,
    models: chosen.map(({ model }) => model.name),
    owned: decision.owned,
  });
  const required = chosen.filter((each) => each.owner.isRequired).map((each) => each.model.name);
  const obstacles = edit.obstacles.filter(({ model }) => !required.includes(model));
  const all = [...findings, ...obstacles.map(({ model, reason }) => ownerNotRemoved(model, reason))];
  if (hasErrors(all)) return { models: counted, schemaChanges: [], migrationChanges: [], findings: all };
  const columns = chosen.filter(isThere).map((each) => ({
    ...toOwnerColumn(each, {
      decision,
      files: located.files,
      defaultSchema: database.url.defaultSchema,
      isRequired: false,
    }),
    owners: counted.find(({ model }) => model === each.model.name)?.owners ?? 0,
  }));
  const migrationChanges = await planPhaseMigrations(project, database, {
    columns,
    write: (ddl, ...of) => ddl.removeOwners(...of),
  });
  return {
    models: counted,
    schemaChanges: planSchemaChanges(located.files, edit.files),
    migrationChanges,
    findings: all,
  };
}

/** A backup of ours has to be of this database; anything else is believed, as long as there is something in it. */
function assertBackup(typed: string, path: string, url: DatabaseUrl): void {
  if (existsSync(join(path, MANIFEST_FILE))) {
    const { manifest } = readBackup(path);
    if (!isBackupOf(manifest, url)) throw backupOfAnother(manifest.database.name, url.name);
  } else if (!isBackup(path)) throw backupNotFound(typed);
}

/** A file with something in it, or a folder that has files. */
function isBackup(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) return readdirSync(path).length > 0;
  return found?.isFile() === true && found.size > 0;
}
