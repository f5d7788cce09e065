#!/usr/bin/env node
// What PRISMA_SCHEMA_ENGINE_BINARY points at: the offline schema engine, started by Prisma at least twice per command.
// It compiles its few files with swc alone, because starting ts-node would take five times as long as all of them.
const { transformFileSync } = require('@swc/core');

const options = {
  swcrc: false,
  jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  module: { type: 'commonjs', ignoreDynamic: true },
};

require.extensions['.ts'] = (module, file) => module._compile(transformFileSync(file, options).code, file);

require('./main.ts').main(process);
