import type { SchemaConfig } from '../config.ts';
import type { FileChange } from '../files.ts';
import type { Finding } from '../ownership/findings.ts';
import { tableLabel } from '../ownership/target.ts';
import type { Decision, OwnedModel } from '../schema/decide.ts';
import type { SchemaFile } from '../schema/normalise.ts';

/** The project that a phase is for, read. */
export interface PhaseProject extends SchemaConfig {
  cwd: string;
  decision: Decision;
}

/** A model that a phase is about. What was not counted is left out. */
export interface PhaseModel {
  model: string;
  table: string;
  ownerColumn: string;
  rows?: number;
  unowned?: number;
  /** Null where the column and the users' key have types that cannot be compared. */
  orphaned?: number | null;
  /** Rows with an owner, and how many of them the journal knows. */
  owners?: number;
  journaled?: number;
}

/** What is to be written for a phase. An error among the findings forbids it. */
export interface PhasePlan {
  models: PhaseModel[];
  schemaChanges: FileChange[];
  /** The folders of migrations, each with its `migration.sql`. */
  migrationChanges: FileChange[];
  findings: Finding[];
}

/** The files of a schema that differ. */
export function planSchemaChanges(before: readonly SchemaFile[], after: readonly SchemaFile[]): FileChange[] {
  const texts = new Map(after);
  return before
    .map(([path, text]) => ({ path, before: text, after: texts.get(path) ?? text }))
    .filter((change) => change.before !== change.after);
}

/** An owned model as a phase names it. */
export function namePhaseModel({ model, owner }: OwnedModel): PhaseModel {
  return { model: model.name, table: tableLabel(model), ownerColumn: owner.column };
}
