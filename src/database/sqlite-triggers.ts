/** The words between CREATE TRIGGER name and ON: (BEFORE | AFTER | INSTEAD OF)? UPDATE (OF column, ...)? */
const UPDATE_TRIGGER = /^\s*CREATE\b[\s\S]*?\bTRIGGER\b[\s\S]*?\bUPDATE(?:\s+OF\s+([\s\S]*?))?\s+ON\b/i;

/**
 * Decides from its CREATE statement whether a trigger fires when a column is updated. SQLite keeps no such table.
 * In doubt (a name that itself reads like a trigger's head) it says yes: a warning too many, never one too few.
 */
export function firesOnUpdate(createTrigger: string, column: string): boolean {
  const match = UPDATE_TRIGGER.exec(createTrigger);
  if (!match) return false;
  const columns = match[1]?.split(',').map((name) => name.trim().replace(/^["'`[]|["'`\]]$/g, ''));
  return !columns || columns.some((name) => name.toLowerCase() === column.toLowerCase());
}
