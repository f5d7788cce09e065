import { findClosest } from '../closest.ts';
import {
  configurationInvalid,
  modelUnknown,
  ownerColumnUnknown,
  ownerColumnUnusable,
  ownerModelIsView,
  ownerModelLeftOut,
  settingsContradict,
  type ToolkitError,
} from '../errors.ts';
import { type OwnershipSettings, settingOf } from '../settings.ts';
import { findField } from './classify.ts';
import { decideOwnerModel, type OwnerModel } from './owner-model.ts';
import type { Field, Model, PrismaSchema } from './parse.ts';

/**
 * Settings are checked before they are used: a model that was renamed must not silently lose its exclusion. Throws
 * MODEL_UNKNOWN, OWNER_MODEL_LEFT_OUT, OWNER_COLUMN_UNKNOWN, OWNER_COLUMN_UNUSABLE or SETTINGS_CONTRADICT; CONFIGURATION with all of several.
 */
export function checkSettings({ models }: PrismaSchema, settings: OwnershipSettings): void {
  const names = models.map(({ name }) => name);
  const { ownerModel, ownerColumns, exclude, nullMeans } = settings;
  const named = Object.keys({ ...ownerColumns, ...exclude, ...nullMeans });
  const unknown = [...new Set([...(ownerModel === null ? [] : [ownerModel]), ...named])]
    .filter((name) => !names.includes(name))
    .map((name) => modelUnknown('ownership.config.json or a flag', name, names, findClosest(name, names)));
  const contradicting = named
    .filter(
      (name) => [ownerColumns, exclude, nullMeans].filter((each) => Object.hasOwn(each, name)).length > 1,
    )
    .map((name) => settingsContradict(name));
  const owner = decideOwnerModel(models, ownerModel).owner ?? undefined;
  const columns = models.flatMap(
    (model) => findColumnProblem(model, settingOf(ownerColumns, model.name), owner) ?? [],
  );
  const leftOut = Object.keys({ ...exclude, ...nullMeans }).filter((name) => name === owner?.model.name);
  const isView = models.some(({ name, hidden }) => name === ownerModel && hidden === 'view');
  const views = isView && ownerModel !== null ? [ownerModelIsView(ownerModel)] : [];
  const problems = [...views, ...unknown, ...contradicting, ...leftOut.map(ownerModelLeftOut), ...columns];
  if (problems.length > 1) throw configurationInvalid(problems);
  if (problems[0]) throw problems[0];
}

/** Why a chosen column cannot be an owner column; null where it can, and where none was chosen. */
function findColumnProblem(
  model: Model,
  column: string | undefined,
  owner: OwnerModel | undefined,
): ToolkitError | null {
  if (column === undefined) return null;
  const field = findField(model, column);
  const known = model.fields.map(({ name }) => name);
  if (!field) return ownerColumnUnknown(model.name, column, findClosest(column, known));
  if (model === owner?.model) return ownerColumnUnusable(model.name, column, 'it is the owner model itself');
  if (model.hidden === 'view') return ownerColumnUnusable(model.name, column, 'it is a view');
  if (field.type.endsWith('[]')) return ownerColumnUnusable(model.name, column, 'it holds a list');
  const relations = model.relations.filter(({ fields }) => fields.includes(field.name));
  const [elsewhere] = relations;
  const [primaryKey] = model.uniqueKeys;
  if (!elsewhere && primaryKey?.length === 1 && primaryKey[0] === field.name)
    return ownerColumnUnusable(model.name, column, "it is the model's own key");
  if (owner === undefined || !elsewhere) return null;
  const toUsers = relations.filter(({ to }) => to === owner.model.name);
  if (toUsers.length === 0)
    return ownerColumnUnusable(
      model.name,
      column,
      `it points at ${elsewhere.to}, not at ${owner.model.name}`,
    );
  const referenced = toUsers.map(({ fields, references }) => references[fields.indexOf(field.name)]);
  const isIdentity = ({ name, isUnique }: Field) =>
    referenced.includes(name) && (isUnique || name === owner.key.name);
  if (owner.model.fields.some(isIdentity)) return null;
  const why = `it points at ${owner.model.name}.${referenced[0]}, which several users can share`;
  return ownerColumnUnusable(model.name, column, why);
}
