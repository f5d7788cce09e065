import { evaluate } from './evaluate.ts';
import { evaluateNamedType } from './evaluate-type.ts';
import { memberOf } from './members.ts';
import { evaluateOnce, type Project } from './project.ts';
import type { Module } from './scopes.ts';
import { RAW, UNKNOWN, type Value } from './values.ts';

const LIBRARY = 'prisma-ownership/isolation';
const LIBRARY_NAMES = ['isolate', 'forUser', 'withUser'] as const;

/** What a module's name means that is imported from a file. */
export function importValue(project: Project, from: string, source: string, name: string): Value {
  if (source === LIBRARY) return libraryMember(name);
  const file = project.resolve(source, from);
  if (file === null) return packageMember(source, name);
  return name === '*' ? moduleValue(project, file) : exportValue(project, file, name);
}

/** All of a module: what it exports by names, or the one thing that a CommonJS module is. */
export function moduleValue(project: Project, file: string): Value {
  const { whole } = (project.isGenerated(file) ? null : project.load(file)) ?? {};
  return whole ? evaluate(project, whole.node, whole.scope) : { kind: 'module', file };
}

/** What a module exports under a name. */
export function exportValue(project: Project, file: string, name: string): Value {
  if (project.isGenerated(file)) return packageMember('@prisma/client', name);
  if (project.isList(file)) return libraryMember(name);
  return evaluateOnce(project, `${file}\0${name}`, () => {
    const module = project.load(file);
    return module ? findExport(project, module, name) : UNKNOWN;
  });
}

function findExport(project: Project, module: Module, name: string): Value {
  const exported = module.exports.get(name);
  if (exported && 'source' in exported)
    return importValue(project, module.file, exported.source, exported.name);
  if (exported) return evaluate(project, exported.node, exported.scope);
  if (module.whole) {
    const whole = evaluate(project, module.whole.node, module.whole.scope);
    return name === 'default' ? whole : memberOf(project, whole, name);
  }
  for (const source of module.stars) {
    const found = importValue(project, module.file, source, name);
    if (found.kind !== 'unknown') return found;
  }
  return UNKNOWN;
}

/** What a package from elsewhere exports: Prisma's names are known wherever the client was generated to. */
export function packageMember(source: string, name: string): Value {
  if (name === 'PrismaClient' || name === 'PrismaService') return { kind: 'prismaClient' };
  if (name === 'Prisma') return { kind: 'prismaNamespace' };
  return name === 'default' || name === '*' ? { kind: 'package', source } : UNKNOWN;
}

function libraryMember(name: string): Value {
  const known = LIBRARY_NAMES.find((each) => each === name);
  return known ? { kind: 'library', name: known } : UNKNOWN;
}

/** What a type is that is imported from a file. */
export function importType(project: Project, from: string, source: string, name: string): Value {
  const file = project.resolve(source, from);
  if (file === null || project.isGenerated(file)) return packageType(project, name);
  return evaluateOnce(project, `${file}\0type ${name}`, () => {
    const module = project.load(file);
    const exported = module?.exports.get(name);
    if (exported && 'source' in exported) return importType(project, file, exported.source, exported.name);
    if (exported?.node.type === 'Identifier')
      return evaluateNamedType(project, exported.node.name, exported.scope);
    if (exported) {
      const value = evaluate(project, exported.node, exported.scope);
      return value.kind === 'class' ? { ...value, kind: 'instance' } : UNKNOWN;
    }
    for (const star of module?.stars ?? []) {
      const found = importType(project, file, star, name);
      if (found.kind !== 'unknown') return found;
    }
    return UNKNOWN;
  });
}

/** The type of a package from elsewhere. */
export function packageType(project: Project, name: string): Value {
  if (name === 'PrismaClient' || name === 'PrismaService') return RAW;
  if (name === 'TransactionClient') return { ...RAW, isTransaction: true };
  const [, model = ''] = /^(\w+)Delegate$/.exec(name) ?? [];
  const isModel = [...project.delegates.values()].includes(model);
  return isModel ? { kind: 'delegate', client: null, model } : UNKNOWN;
}
