/**
 * What the extension knows of a schema: which rows have an owner, and how rows hang on each other. It is written by
 * `migration:isolation -- --generate FILE`, never by hand. What is not in it is refused, so that an old one leaks nothing.
 */
export interface IsolationMap {
  /** The model that holds the users. */
  ownerModel: string;
  /** Its field that owner columns point at. */
  ownerKey: string;
  ownerKeyType: 'String' | 'Int' | 'BigInt';
  models: Record<string, ModelMap>;
}

/**
 * owned: rows with an owner column. through: rows that belong to the owner of the row they hang on. users: the owner model.
 * shared: rows that are everybody's. closed: nobody has said whose its rows are, so every operation is refused.
 */
export type Scope =
  | { kind: 'owned'; field: string; relation: string | null; isRequired: boolean }
  | { kind: 'through'; relation: string }
  | { kind: 'users' }
  | { kind: 'shared' }
  | { kind: 'closed'; reason: string };

/** A model: whose its rows are, and every field that it has. */
export interface ModelMap {
  scope: Scope;
  scalars: string[];
  /** The names under which a `where` takes keys of several fields. */
  keys: string[];
  relations: Record<string, RelationMap>;
}

/** A relation, seen from the model that it stands in. */
export interface RelationMap {
  to: string;
  /** The field on the other side. */
  opposite: string;
  isList: boolean;
  isRequired: boolean;
  /** The foreign key's fields, where this side holds it, and the fields that it points at. */
  fields?: string[];
  references?: string[];
  /** A field of the foreign key has a default: a row that is created without it may point anywhere. */
  hasDefault?: true;
  /** What happens to this row when the one that it points at is deleted, where this side holds the foreign key. */
  onDelete?: 'Cascade' | 'SetNull' | 'SetDefault' | 'Restrict' | 'NoAction';
}
