import type { Database, Session } from '../database/dialect.ts';
import { findPooler } from '../database/pooler.ts';
import { compareMigrations, listAppliedMigrations } from '../migrations/applied.ts';
import { listMigrations } from '../migrations/folder.ts';
import type { ClassifiedModel } from '../schema/classify.ts';
import type { Decision, OwnedModel } from '../schema/decide.ts';
import type { ModelContext } from '../schema/global-keys.ts';
import { isLookUpTable } from '../schema/look-up.ts';
import { findJoined, recogniseSystemModel } from '../schema/shared-models.ts';
import { type OwnershipSettings, settingOf } from '../settings.ts';
import { hasRows, type ModelReport } from './count.ts';
import type { Finding } from './findings.ts';
import {
  describeGlobalKeys,
  describeInvalidIndexes,
  describeOwnerDeletion,
  describeOwnerIndex,
  type KnownKeys,
} from './key-findings.ts';
import * as findings from './project-findings.ts';
import { tableOf } from './target.ts';

/** What a model was counted with: by step 1 for the chosen user, by a survey with nobody in mind. */
type CountedModel = Pick<ModelReport, 'model' | 'phase' | 'rows' | 'unowned'> &
  Partial<Pick<ModelReport, 'ownedByUser'>>;

export interface ExamineOptions {
  decision: Decision;
  settings: OwnershipSettings;
  /** Where the project's migrations are. */
  migrations: string;
  models: readonly CountedModel[];
  /** False where `models` have their phases only. */
  isCounted?: boolean;
}

/**
 * Looks at what surrounds a migration: the URL, Prisma's lock and its table of migrations, the keys of the owned models, and
 * the models that take no part. It reads the catalogue in one transaction, and of rows no more than whether there are any.
 */
export function examineProject(database: Database, options: ExamineOptions): Promise<Finding[]> {
  const pooler = findPooler(database.url);
  return database.read(async (session) => [
    ...(pooler === null ? [] : [findings.poolerUrl(pooler)]),
    ...(await examineMigrations(session, database, options.migrations)),
    ...(await examineOwner(session, database, options.decision)),
    ...(await examineOwned(session, database, options)),
    ...(await examineOthers(session, database, options.decision)),
  ]);
}

async function examineMigrations(
  session: Session,
  { dialect, url }: Database,
  folder: string,
): Promise<Finding[]> {
  const lock = await dialect.keys.findMigrationLock(session);
  const applied = await listAppliedMigrations(session, dialect, url.defaultSchema);
  const { failed, pending: open } = compareMigrations(applied ? listMigrations(folder) : [], applied);
  const pending = open.filter((name) => !failed.includes(name));
  return [
    ...(lock ? [findings.prismaLockHeld(lock.session, lock)] : []),
    ...failed.map(findings.migrationFailed),
    ...(pending.length > 0 ? [findings.migrationsPending(pending)] : []),
  ];
}

async function examineOwner(session: Session, database: Database, { owner }: Decision): Promise<Finding[]> {
  return describeInvalidIndexes(owner.model.name, await readKeys(session, database, owner.model));
}

async function examineOwned(
  session: Session,
  database: Database,
  options: ExamineOptions,
): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const owned of options.decision.owned) {
    const counted = options.models.find(({ model }) => model === owned.model.name);
    const known = await readKeys(session, database, owned.model);
    if (counted) found.push(...describeOwned(owned, known, { ...options, counted }));
  }
  return found;
}

function describeOwned(
  owned: OwnedModel,
  known: KnownKeys,
  { decision, settings, counted, isCounted = true }: ExamineOptions & { counted: CountedModel },
): Finding[] {
  const { name } = owned.model;
  const { phase, rows, unowned, ownedByUser } = counted;
  const isChosen = ownedByUser !== undefined;
  const affected = isChosen ? ownedByUser + unowned : rows;
  const isDecided = phase === 'required' || settingOf(settings.ownerColumns, name) !== undefined;
  const looksShared = isCounted && !isDecided && isLookUpTable(owned, toContext(decision).models, rows);
  const hasColumn = phase !== 'missing';
  return [
    ...describeInvalidIndexes(name, known),
    ...(looksShared ? [findings.looksShared(name, owned.owner.name, rows)] : []),
    ...(hasColumn && !looksShared ? describeGlobalKeys(owned, known, toContext(decision)) : []),
    ...(hasColumn ? describeOwnerIndex(owned, known) : []),
    ...describeOwnerDeletion(owned, known.keys, {
      isRequired: phase === 'required',
      isChosen,
      rows: isCounted ? affected : null,
      unowned,
    }),
  ];
}

function toContext({ classified }: Decision): ModelContext {
  return {
    models: classified.map(({ model }) => model),
    isShared: (name) =>
      classified.some(
        ({ model, class: each }) => model.name === name && ['shared', 'excluded'].includes(each),
      ),
  };
}

/** Unique keys of owned models that are one for all users. */
export async function examineGlobalKeys(
  session: Session,
  database: Database,
  decision: Decision,
): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const owned of decision.owned) {
    const known = await readKeys(session, database, owned.model);
    found.push(...describeGlobalKeys(owned, known, toContext(decision)));
  }
  return found;
}

async function readKeys(
  session: Session,
  { dialect, url }: Database,
  model: OwnedModel['model'],
): Promise<KnownKeys> {
  const table = tableOf(model, url.defaultSchema);
  const keys = await dialect.keys.inspect(session, table);
  return { dialect: dialect.keys, place: { table, isPartitioned: keys.isPartitioned }, keys };
}

/** Models that have rows and take no part, although nobody said that they should not. */
async function examineOthers(session: Session, database: Database, decision: Decision): Promise<Finding[]> {
  const found: Finding[] = [];
  const shared: string[] = [];
  for (const { model, class: modelClass, reason } of decision.classified.filter(isUnclassed)) {
    if (!(await hasReadableRows(session, database, model))) continue;
    if (modelClass === 'shared') shared.push(model.name);
    else found.push(findings.modelUnclassed(model.name, reason));
  }
  return shared.length > 0 ? [...found, findings.modelsShared(shared)] : found;
}

/** What is known for what it is, or has a finding of its own, is no question. */
function isUnclassed({ model, class: modelClass, columns }: ClassifiedModel): boolean {
  if (modelClass === 'throughParent') return true;
  if (modelClass !== 'shared' || model.hidden === 'view' || columns.length > 0) return false;
  return findJoined(model) === null && recogniseSystemModel(model) === null;
}

async function hasReadableRows(
  session: Session,
  { dialect, url }: Database,
  model: ClassifiedModel['model'],
): Promise<boolean> {
  const table = tableOf(model, url.defaultSchema);
  const info = await dialect.inspectTable(session, table, '');
  return info?.canRead === true && (await hasRows(session, dialect, table));
}
