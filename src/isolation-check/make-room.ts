import type { DmmfField } from '../schema/parse.ts';
import { getDmmf, ownerFieldOf, type Row, type Shape } from './shape.ts';
import type { Side, Step, World } from './world.ts';

/** A row that comes, with its columns. */
interface Coming {
  side: Side;
  data: Row;
  /** The one column that is changed, where the row is there already: its other keys are its own. */
  changed?: string;
}

/**
 * Where a row would have the key of one that is there, because there are few keys, the other one makes room: a user with one row
 * only, or with one of each kind. What is found by that key afterwards is then what was written.
 */
export function makeRoom({ shape }: World, model: string, { side, data, changed }: Coming): Step[] {
  const isFew = (name: string) =>
    name in data && (name === ownerFieldOf(shape, model) || hasFewValues(shape, model, name));
  return listKeys(shape, model)
    .filter((fields) => fields.every(isFew) && (changed === undefined || fields.includes(changed)))
    .map((fields) => {
      const where = Object.fromEntries(fields.map((field) => [field, data[field]]));
      return { as: side, model, method: 'deleteMany', args: { where } };
    });
}

function listKeys(shape: Shape, model: string): (readonly string[])[] {
  const { fields, primaryKey, uniqueFields } = getDmmf(shape, model);
  const single = fields.flatMap(({ name, isId, isUnique }) => (isId || isUnique ? [[name]] : []));
  return [...single, ...(primaryKey ? [primaryKey.fields] : []), ...uniqueFields];
}

const SHORT_TEXT = 8;

function hasFewValues(shape: Shape, model: string, name: string): boolean {
  const field: DmmfField | undefined = getDmmf(shape, model).fields.find((each) => each.name === name);
  if (!field) return false;
  const [, [length] = []] = field.nativeType ?? [''];
  const isShort = field.type === 'String' && length !== undefined && Number(length) < SHORT_TEXT;
  return field.kind === 'enum' || field.type === 'Boolean' || isShort;
}
