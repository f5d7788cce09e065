import { commands, NOTHING_CHANGED, refusal, type ToolkitError } from './toolkit-error.ts';

/** For a project of somebody's, which may have no .env.example, or one of its own. */
const URL_FORMS =
  'Its form is postgresql://user:password@host:5432/database, mysql:// likewise, or file:./path/to/the.db; .env.example of prisma-ownership has them, too.';

/** All that is wrong with the settings, at once. */
export function configurationInvalid(problems: readonly ToolkitError[]): ToolkitError {
  const facts = problems.map(({ message }) => `- ${message.replace(`\n${NOTHING_CHANGED}`, '')}`).join('\n');
  const remedies = [...new Set(problems.map(({ remedy }) => remedy))].join('\n');
  return refusal('CONFIGURATION', `several settings are wrong:\n${facts}`, remedies);
}

export function databaseUrlMissing(): ToolkitError {
  return refusal(
    'DATABASE_URL_MISSING',
    'DATABASE_URL is set neither in the environment nor in a .env file.',
    `Set it there. ${URL_FORMS}`,
  );
}

/** `source`: what the URL is called and where it stands. */
export function databaseUrlInvalid(source: string, why: string): ToolkitError {
  return refusal('DATABASE_URL_INVALID', `${source} cannot be used: ${why}.`, `Correct it. ${URL_FORMS}`);
}

export function providerDiffers(urlProvider: string, schemaProvider: string, schema: string): ToolkitError {
  return refusal(
    'PROVIDER_DIFFERS',
    `DATABASE_URL is for ${urlProvider}, but the datasource in ${schema} says ${schemaProvider}.`,
    'Point DATABASE_URL at the database of this schema, or name the right schema with --schema.',
  );
}

/** What commander says of a command line that it cannot take. */
export function usageInvalid(fact: string, example: string): ToolkitError {
  return refusal('USAGE', fact, commands('An example:', example));
}

export function surplusArguments(words: readonly string[], example: string): ToolkitError {
  const named = words.map((word) => `"${word}"`).join(', ');
  const tooMany = words.length === 1 ? 'is one argument too many' : `are ${words.length} arguments too many`;
  const intro = 'A flag\'s value is joined with "=", and on npm flags come after "--". An example:';
  return refusal('SURPLUS_ARGUMENT', `${named} ${tooMany}.`, commands(intro, example));
}

export function noOwnedModel(ownerModel: string): ToolkitError {
  return refusal(
    'NO_OWNED_MODEL',
    `no chosen model has a relation to ${ownerModel}, so there is nothing to assign.`,
    commands(
      'Phase 1 adds it. To see what it would change in the schema:',
      'npm run migration:schema -- --phase=1',
    ),
  );
}

export function modelUnknown(
  flag: string,
  name: string,
  known: readonly string[],
  closest: string | null,
): ToolkitError {
  const hint = closest ? ` Did you mean "${closest}"?` : '';
  return refusal(
    'MODEL_UNKNOWN',
    `${flag} names "${name}", which is not one of the models.${hint}`,
    `Models: ${known.join(', ')}`,
  );
}

/** A flag with several values; `commands` has one command for each. */
export function flagGivenTwice(
  flag: string,
  values: readonly string[],
  commands: readonly string[],
): ToolkitError {
  return refusal(
    'FLAG_GIVEN_TWICE',
    `"--${flag}" is given more than once, as ${quoted(values, 'and')}.`,
    ['Type the one that is meant:', ...commands].join('\n  '),
  );
}

/** Flags that came through npm bare; `words` may hold their values, `commands` are what may have been meant. */
export function flagValueLost(
  flags: readonly string[],
  words: readonly string[],
  { commands, help }: { commands: readonly string[]; help: string },
): ToolkitError {
  const names = flags.map((name) => `--${name}`);
  const bare = `npm passed ${quoted(names, 'and')} on without ${names.length > 1 ? 'values' : 'a value'}`;
  const noun = names.length > 1 ? 'surplus words are among' : 'surplus word is';
  const surplus = words.length > 0 ? `; the ${noun} ${quoted(words, names.length > 1 ? 'and' : 'or')}` : '';
  const form = 'Type "--" after the script\'s name and join each value to its flag with "="';
  return refusal(
    'FLAG_VALUE_LOST',
    `${bare}${surplus}.`,
    commands.length > 0
      ? [`${form}${commands.length > 1 ? '; one of these is meant' : ''}:`, ...commands].join('\n  ')
      : [`${form}. The flags and their values:`, help].join('\n  '),
  );
}

function quoted(words: readonly string[], join: 'and' | 'or'): string {
  const type = join === 'and' ? 'conjunction' : 'disjunction';
  return new Intl.ListFormat('en-GB', { type }).format(words.map((word) => `"${word}"`));
}

export function settingsInvalid(file: string, problems: readonly string[]): ToolkitError {
  return refusal(
    'SETTINGS_INVALID',
    `${file} cannot be used: ${problems.join('; ')}.`,
    'Correct it; the README shows its form under "Settings".',
  );
}

/** A chosen owner column that exists and cannot be one. */
export function ownerColumnUnusable(model: string, column: string, why: string): ToolkitError {
  return refusal(
    'OWNER_COLUMN_UNUSABLE',
    `the settings name "${column}" of ${model} as its owner column, which it cannot be: ${why}.`,
    'Correct ownership.config.json or --owner-column.',
  );
}

/** The users themselves cannot be left out. */
export function ownerModelLeftOut(model: string): ToolkitError {
  return refusal(
    'OWNER_MODEL_LEFT_OUT',
    `the settings leave out ${model}, which is the owner model: no row of it is ever assigned.`,
    `Take ${model} out of "exclude" and "nullMeans" in ownership.config.json, or out of --exclude.`,
  );
}

export function fileNotReadable(path: string, why: string, cause: unknown): ToolkitError {
  return refusal('FILE_NOT_READABLE', `${path} cannot be read: ${why}.`, 'Allow it to this user.', cause);
}

/** One model in two flags that exclude each other. */
export function flagsContradict(model: string): ToolkitError {
  return refusal(
    'FLAGS_CONTRADICT',
    `--owner-column chooses a column of ${model}, and --exclude leaves ${model} out.`,
    'Type one of them.',
  );
}

/** Every model that could be assigned is left out. */
export function noModelChosen(excluded: readonly string[]): ToolkitError {
  return refusal(
    'NO_MODEL_CHOSEN',
    `without ${excluded.join(', ')} there is no model left to assign.`,
    commands('Leave out less. To see all models:', 'npm run migration:models'),
  );
}

/** A model that the schema has, and that takes no part. */
export function modelNotOwned(name: string, why: string, known: readonly string[]): ToolkitError {
  return refusal(
    'MODEL_NOT_OWNED',
    `--models names "${name}", which takes no part: ${why}.`,
    `Models that do: ${known.join(', ')}. To see all: npm run migration:models`,
  );
}

/** Users are rows of a table. */
export function ownerModelIsView(model: string): ToolkitError {
  return refusal(
    'OWNER_MODEL_IS_VIEW',
    `the owner model ${model} is a view, in which nothing can be owned.`,
    commands('Name the model of the table behind it. To see all:', 'npm run migration:models'),
  );
}

/** One model in more than one of the settings that exclude each other. */
export function settingsContradict(model: string): ToolkitError {
  return refusal(
    'SETTINGS_CONTRADICT',
    `ownership.config.json says more than one thing of ${model}: a model has an owner column, or is excluded, or NULL is meant.`,
    `Keep ${model} in one of "ownerColumns", "exclude" and "nullMeans".`,
  );
}

/** A schema whose database the toolkit does not speak to. */
export function providerUnsupported(provider: string, schema: string): ToolkitError {
  const names: Record<string, string> = {
    mongodb: 'MongoDB',
    sqlserver: 'SQL Server',
    cockroachdb: 'CockroachDB',
  };
  return refusal(
    'PROVIDER_UNSUPPORTED',
    `the datasource in ${schema} is ${names[provider] ?? provider} ("${provider}"), which is not supported: there are sqlite, postgresql and mysql.`,
    commands('The models can be looked at all the same:', 'npm run migration:models'),
  );
}

export function ownerColumnUnknown(model: string, column: string, closest: string | null): ToolkitError {
  const hint = closest ? ` Did you mean "${closest}"?` : '';
  return refusal(
    'OWNER_COLUMN_UNKNOWN',
    `the settings name the owner column "${column}" of ${model}, which has no such field.${hint}`,
    'Correct ownership.config.json or --owner-column.',
  );
}

export function environmentUnset(variable: string, where: string): ToolkitError {
  return refusal(
    'ENVIRONMENT_UNSET',
    `${where} takes the database's URL from ${variable}, which is set neither in the environment nor in a .env file.`,
    variable === 'DATABASE_URL'
      ? `Set it there. ${URL_FORMS}`
      : `Set ${variable} there, or DATABASE_URL in the environment, which goes before it.`,
  );
}
