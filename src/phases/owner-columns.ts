import type { OnDelete, OwnerColumn } from '../database/ddl.ts';
import { tableOf } from '../ownership/target.ts';
import type { Decision, OwnedModel } from '../schema/decide.ts';
import { findRelationMode, type SchemaFile } from '../schema/normalise.ts';
import type { Relation } from '../schema/parse.ts';

const SQL_WORDS = {
  Cascade: 'CASCADE',
  Restrict: 'RESTRICT',
  NoAction: 'NO ACTION',
  SetNull: 'SET NULL',
  SetDefault: 'SET DEFAULT',
} as const;

/** What decides how an owner column is written. */
interface ColumnContext {
  decision: Decision;
  files: readonly SchemaFile[];
  defaultSchema: string;
  isRequired: boolean;
}

/** An owner column as migrations name it. `isRequired`: whether it is once they are applied. */
export function toOwnerColumn(owned: OwnedModel, context: ColumnContext): OwnerColumn {
  const { decision, files, defaultSchema, isRequired } = context;
  const relation = findOwnerRelation(owned, decision);
  const hasForeignKey = relation !== null && findRelationMode(files) === 'foreignKeys';
  return {
    model: owned.model.name,
    table: tableOf(owned.model, defaultSchema),
    column: owned.owner.column,
    references: {
      table: tableOf(decision.owner.model, defaultSchema),
      column: owned.references.column,
    },
    onDelete: hasForeignKey ? toSql(relation, isRequired) : null,
  };
}

/** The relation over the owner column; null for a chosen column without one. */
export function findOwnerRelation({ model, owner }: OwnedModel, { owner: users }: Decision): Relation | null {
  return (
    model.relations.find(({ to, fields }) => to === users.model.name && fields.includes(owner.name)) ?? null
  );
}

/** Prisma's default: https://www.prisma.io/docs/orm/prisma-schema/data-model/relations/referential-actions */
function toSql({ onDelete }: Relation, isRequired: boolean): OnDelete {
  if (onDelete !== null) return SQL_WORDS[onDelete];
  return isRequired ? 'RESTRICT' : 'SET NULL';
}
