/** What the thread says: what is read of the config file, or its error. */
export type Answer =
  | { schema: unknown; migrations: unknown; url: unknown; unset: string | null; missing: string[] }
  | { error: string };

/** What the thread is given. */
export interface ThreadData {
  file: string;
  virtual: string[];
  /** Packages that may be stood in for where they are not installed; null for all. */
  standsIn: string[] | null;
  jiti: string;
}

/**
 * The code of the thread that runs a Prisma config file. It is handed over as text, so it uses nothing from outside of
 * itself.
 */
export function loadInThread(threads: typeof import('node:worker_threads'), load: NodeJS.Require): void {
  const { file, virtual, standsIn, jiti } = threads.workerData as ThreadData;
  const { createJiti } = load(jiti) as typeof import('jiti');
  const unset: string[] = [];
  const prisma = {
    defineConfig: (config: unknown) => config,
    env: (name: string) => {
      if (!process.env[name]) unset.push(name);
      return process.env[name] ?? '';
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
  // Plug'n'Play has words of its own, and says what was asked for.
  const findAbsent = (error: unknown): string | undefined => {
    const { message, data } = (error ?? {}) as { message?: string; data?: { request?: string } };
    const request = data?.request ?? /^Cannot find (?:module|package) '([^']+)'/.exec(String(message))?.[1];
    return request !== undefined && /^(?![./]|[a-z]:|node:)/i.test(request) ? request : undefined;
  };
  const importWith = async (missing: string[]): Promise<unknown> => {
    const virtualModules = Object.fromEntries([
      ...virtual.map((name) => [name, { ...prisma, default: prisma }]),
      ...missing.map((name) => [name, absent]),
    ]);
    const loader = createJiti(file, { interopDefault: true, moduleCache: false, virtualModules });
    try {
      const exported = await loader.import<unknown>(file, { default: true });
      if (exported === absent || exported === nothing) throw new Error(`Cannot find module '${missing[0]}'`);
      const config = typeof exported === 'function' ? (exported as () => unknown)() : exported;
      return post(await config, missing);
    } catch (error) {
      const name = findAbsent(error);
      const isAllowed = name !== undefined && !missing.includes(name) && (standsIn?.includes(name) ?? true);
      if (!isAllowed) throw error;
      unset.length = 0;
      return importWith([...missing, name]);
    }
  };
  type Parts = Record<string, Record<string, unknown> | string | undefined>;
  const of = (value: Parts[string], key: string) => (typeof value === 'object' ? value[key] : undefined);
  const post = (config: unknown, missing: string[]) => {
    if (typeof config !== 'object' || config === null) throw new Error('it exports no configuration');
    const { schema, migrations, datasource } = config as Parts;
    const url = of(datasource, 'url');
    threads.parentPort?.postMessage({
      schema: typeof schema === 'string' ? schema : undefined,
      migrations: of(migrations, 'path'),
      url: typeof url === 'string' ? url : undefined,
      unset: unset[0] ?? null,
      missing,
    });
  };
  importWith([]).catch((error: unknown) => {
    const [message] = (error instanceof Error ? error.message : String(error)).split('\nRequire stack:');
    const hint = unset.length > 0 ? ` (the variable ${unset[0]} is not set)` : '';
    threads.parentPort?.postMessage({ error: `${message}${hint}` });
  });
}
