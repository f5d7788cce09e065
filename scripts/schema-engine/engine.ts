import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SchemaEngine } from '@prisma/schema-engine-wasm';

// Node has it; TypeScript knows it only from the libraries for browsers.
declare const WebAssembly: {
  instantiate(file: Uint8Array, imports: object): Promise<{ instance: { exports: Record<string, unknown> } }>;
  RuntimeError: new () => Error;
};

let panicReason: string | undefined;

/** Starts Prisma's schema engine on a bound adapter factory; the schema files are pairs of path and content. */
export async function startEngine(factory: object, schemaFiles: [string, string][]): Promise<SchemaEngine> {
  const { SchemaEngine } = await loadModule();
  const datamodels = schemaFiles.length > 0 ? schemaFiles : undefined;
  return SchemaEngine.new({ datamodels }, () => {}, factory);
}

/** The engine's version, for `prisma version`. */
export async function engineVersion(): Promise<string> {
  return (await loadModule()).version();
}

/** Why the engine panicked, where the error itself says only "unreachable"; null for an error of any other kind. */
export function panicReasonOrNull(error: unknown): string | null {
  return error instanceof WebAssembly.RuntimeError ? (panicReason ?? error.message) : null;
}

/** The package leaves loading its WebAssembly file to a bundler. */
async function loadModule() {
  const glue = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const folder = dirname(require.resolve('@prisma/schema-engine-wasm'));
  const file = readFileSync(join(folder, 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(file, { './schema_engine_bg.js': { ...glue } });
  glue.__wbg_set_wasm(instance.exports);
  const registry = {
    set_message: (text: string) => {
      panicReason = text;
    },
  };
  // The name under which the engine looks for it.
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: registry });
  (instance.exports.__wbindgen_start as () => void)();
  return glue;
}
