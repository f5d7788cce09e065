/** The schema after phase 3, and the change as a reader wants to see it. */
export interface SchemaEdit {
  schema: string;
  diff: string;
}

/** `String?` to `String` and `User?` to `User` in every owned model of the sample, as one would type it. */
export function requireOwners(before: string): SchemaEdit {
  const models = new Map<string, string[]>();
  let model = '';
  const lines = before.split('\n').map((line) => {
    model = /^model (\w+)/.exec(line)?.[1] ?? model;
    // The space keeps the columns of the file as they are.
    const edited = line.replace(/^(\s+(?:userId\s+String|user\s+User))\?/, '$1 ').trimEnd();
    if (edited !== line) models.set(model, [...(models.get(model) ?? []), `- ${line}`, `+ ${edited}`]);
    return edited;
  });
  const [[first, edits] = ['', []], ...others] = models;
  const names = new Intl.ListFormat('en-GB').format(others.map(([name]) => name));
  const diff = [`  model ${first} {`, ...edits, `  The same two lines in ${names}.`].join('\n');
  return { schema: lines.join('\n'), diff };
}
