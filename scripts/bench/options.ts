import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { PROVIDERS, type Provider } from '../../src/database/database-url.ts';

/** What `npm run bench` was asked for. */
export interface Options {
  rows: number[];
  databases: Provider[];
  /** The migrations of phases 1 and 3, instead of the ways to fill the column. */
  phases: boolean;
  /** Step 2 with and without the proof, instead. */
  proof: boolean;
  out: string;
}

const LARGE_ROWS = 2_000_000;

export const USAGE = `usage: npm run bench -- [--rows 10000,100000,1000000] [--large] [--databases ${PROVIDERS.join(',')}] [--phases | --proof] [--out FILE]`;

/** Reads the arguments; throws what is wrong with them, in words. */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      rows: { type: 'string', default: '10000,100000,1000000' },
      large: { type: 'boolean', default: false },
      databases: { type: 'string' },
      phases: { type: 'boolean', default: false },
      proof: { type: 'boolean', default: false },
      out: { type: 'string', default: resolve(__dirname, '../../docs/benchmarks.md') },
    },
  });
  const rows = [...values.rows.split(',').map(Number), ...(values.large ? [LARGE_ROWS] : [])];
  const wrong = rows.find((count) => !Number.isInteger(count) || count < 1);
  if (wrong !== undefined)
    throw new Error(`--rows is "${values.rows}"; it takes whole numbers, with commas between.`);
  if (values.phases && values.databases !== undefined)
    throw new Error('--phases is measured on PostgreSQL alone: leave --databases out.');
  const names = (values.databases ?? PROVIDERS.join(',')).split(',');
  const databases = PROVIDERS.filter((provider) => names.includes(provider));
  if (databases.length !== new Set(names).size)
    throw new Error(`--databases is "${values.databases}"; it takes ${PROVIDERS.join(', ')}.`);
  if (values.phases && values.proof) throw new Error('--phases and --proof are two runs.');
  const { phases, proof, out } = values;
  return { rows: [...new Set(rows)].sort((a, b) => a - b), databases, phases, proof, out: resolve(out) };
}
