/** What the process is given. */
export interface ConfigRequest {
  file: string;
  /** Modules of Prisma's, always stood in for. */
  virtual: string[];
  /** Packages that may be stood in for where they are not installed; null for all. */
  standsIn: string[] | null;
  jiti: string;
}

/** What the process says: what is read of the config file, or its error. */
export type ConfigAnswer =
  | {
      schema: string | null;
      migrations: string | null;
      url: string | null;
      unset: string | null;
      missing: string[];
    }
  | { error: string };

/**
 * The code of the process that runs a Prisma config file. It is handed over as text, so it uses nothing from outside of
 * itself.
 */
export function answerForConfig(
  { file, virtual, standsIn, jiti }: ConfigRequest,
  answer: (answer: ConfigAnswer) => void,
  load: NodeJS.Require,
): void {
  // Keys of Prisma 6 and 7 (@prisma/config); any other is an error there, too.
  const known = [
    'schema',
    'migrations',
    'datasource',
    'engine',
    'adapter',
    'experimental',
    'earlyAccess',
    'views',
  ];
  known.push('tables', 'enums', 'typedSql', 'studio', 'migrate', 'extensions');
  const unset: string[] = [];
  // A sign in the text tells which setting came from a variable that is not set.
  const sign = '\u0001';
  const prisma = {
    defineConfig: (config: unknown) => config,
    env: (name: string) => {
      if (process.env[name]) return process.env[name];
      unset.push(name);
      return `${sign}${name}${sign}`;
    },
  };
  const nothing = {};
  // Whatever is asked of a package that is not installed is a function that gives nothing.
  const absent: object = new Proxy(() => nothing, {
    has: () => true,
    get: (_, key) => {
      if (key === 'default') return absent;
      if (key === 'then') return undefined;
      return key === '__esModule' ? true : () => nothing;
    },
  });
  const { createJiti } = load(jiti) as typeof import('jiti');
  // Plug'n'Play has words of its own, and says what was asked for.
  const findAbsent = (error: unknown): string | undefined => {
    const { message, data } = (error ?? {}) as { message?: string; data?: { request?: string } };
    const request = data?.request ?? /^Cannot find (?:module|package) '([^']+)'/.exec(String(message))?.[1];
    return request !== undefined && /^(?![./]|[a-z]:|node:)/i.test(request) ? request : undefined;
  };
  const importWith = async (missing: string[]): Promise<ConfigAnswer> => {
    const virtualModules = Object.fromEntries([
      ...virtual.map((name) => [name, { ...prisma, default: prisma }]),
      ...missing.map((name) => [name, absent]),
    ]);
    const loader = createJiti(file, { interopDefault: true, moduleCache: false, virtualModules });
    try {
      const exported = await loader.import<unknown>(file, { default: true });
      const config = await (typeof exported === 'function' ? (exported as () => unknown)() : exported);
      if (exported === absent || config === nothing) throw new Error(`Cannot find module '${missing[0]}'`);
      return read(config, missing);
    } catch (error) {
      const name = findAbsent(error);
      const isAllowed = name !== undefined && !missing.includes(name) && (standsIn?.includes(name) ?? true);
      if (!isAllowed) throw error;
      unset.length = 0;
      return importWith([...missing, name]);
    }
  };
  const read = (config: unknown, missing: string[]): ConfigAnswer => {
    if (typeof config !== 'object' || config === null || Array.isArray(config))
      throw new Error('it exports no configuration');
    const surplus = Object.keys(config).find((key) => !known.includes(key));
    if (surplus !== undefined) throw new Error(`Prisma has no setting "${surplus}"`);
    const { schema, migrations, datasource } = config as Record<string, Record<string, unknown> | undefined>;
    const textOf = (value: unknown, name: string): string | null => {
      if (value === undefined || value === null) return null;
      if (typeof value === 'string') return value;
      throw new Error(missing.length > 0 ? `Cannot find module '${missing[0]}'` : `its "${name}" is no text`);
    };
    const url = typeof datasource?.url === 'string' ? datasource.url : null;
    const [, variable] = new RegExp(`${sign}(.*?)${sign}`).exec(url ?? '') ?? [];
    return {
      schema: textOf(schema, 'schema'),
      migrations: textOf(migrations?.path, 'migrations.path'),
      url: variable === undefined ? url : null,
      unset: variable ?? null,
      missing,
    };
  };
  importWith([]).then(answer, (error: unknown) => {
    const [message] = (error instanceof Error ? error.message : String(error)).split('\nRequire stack:');
    const hint = unset.length > 0 ? ` (the variable ${unset[0]} is not set)` : '';
    answer({ error: `${message}${hint}` });
  });
}
