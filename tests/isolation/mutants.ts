/** One rule of the isolation extension, and the text that takes it out. */
export interface Mutant {
  rule: string;
  file: string;
  /** Stands once in the file. */
  from: string;
  to: string;
}

const of =
  (file: string) =>
  (rule: string, from: string, to: string): Mutant => {
    return { rule, file: `src/isolation/${file}`, from, to };
  };
const scope = of('scope.ts');
const read = of('read.ts');
const filter = of('filter.ts');
const linking = of('linking.ts');
const asked = of('asked.ts');
const operation = of('operation.ts');
const write = of('write.ts');
const nested = of('nested.ts');
const guard = of('guard.ts');
const client = of('for-user.ts');

export const MUTANTS: Mutant[] = [
  scope(
    `rows of an owned model are the owner's`,
    `return { [scope.field]: scope.isRequired ? scoping.userId : { equals: scoping.userId, not: null } };`,
    `return {};`,
  ),
  scope(
    "rows that hang on a row are its owner's",
    "  if (scope.kind !== 'through') return null;\n  const next = relations[scope.relation];\n  return next ? { [scope.relation]: { is: ownRows",
    '  if (scope.kind) return null;\n  const next = relations[scope.relation];\n  return next ? { [scope.relation]: { is: ownRows',
  ),
  scope(
    'of the users only the own row is changed',
    'return isUsers ? { [scoping.map.ownerKey]: scoping.userId } : ownRows(scoping, name);',
    'return isUsers ? null : ownRows(scoping, name);',
  ),
  scope(
    "a row without an owner is nobody's",
    'return scope.isRequired ? others : { OR: [others, { [scope.field]: null }] };',
    'return others;',
  ),
  scope(
    'conditions are added to what was asked for',
    '...(given === undefined ? [] : [given].flat()), ...present',
    '...(given === undefined ? [] : [given].flat())',
  ),
  operation(
    'one row is found among the own',
    'where: addConditions(where, ownRows(scoping, model), ...needs) };',
    'where: addConditions(where, ...needs) };',
  ),
  operation(
    'many rows are found among the own',
    'const where = allOf(scoped.where as Args | undefined, ownRows(scoping, model), ...needs);',
    'const where = allOf(scoped.where as Args | undefined, ...needs);',
  ),
  operation(
    'one row is written among the own',
    'return addConditions(scopeWhere(scoping, model, where), writableRows(scoping, model), ...needs);',
    'return addConditions(scopeWhere(scoping, model, where), ...needs);',
  ),
  operation(
    'many rows are written among the own',
    'return allOf(filter, writableRows(scoping, model), ...needs) ?? {};',
    'return allOf(filter, ...needs) ?? {};',
  ),
  operation(
    'a delete cascades onto own rows alone',
    'where: writableOne(scoping, model, where, [cascadesReachOwn(scoping, model), ...needs]),',
    'where: writableOne(scoping, model, where, needs),',
  ),
  operation(
    'deletes cascade onto own rows alone',
    'const all = writableMany(scoping, model, where, [cascadesReachOwn(scoping, model)]);',
    'const all = writableMany(scoping, model, where, []);',
  ),
  operation(
    'what an update needs of its row is asked for',
    'where: writableOne(scoping, model, where, [...demands.needs, ...needs]),\n    data: changed,',
    'where: writableOne(scoping, model, where, needs),\n    data: changed,',
  ),
  operation(
    'what a write returns is scoped',
    '  return scopeSelection(scoping, model, args);',
    '  return { args, needs: [] as Args[] };',
  ),
  read(
    'aggregates are of own rows',
    'const where = allOf(scoped.where as Args | undefined, ownRows(scoping, name), ...needs);\n  const kept',
    'const where = allOf(scoped.where as Args | undefined, ...needs);\n  const kept',
  ),
  read(
    'what is included is own',
    'const conditions = [ownRows(scoping, relation.to), ...nested.needs];',
    'const conditions: (Args | null)[] = [...nested.needs];',
  ),
  read(
    'what is included needs the rows above it',
    'if (required) needs.push({ [key]: { is: required } });',
    '',
  ),
  read(
    `counts of lists are of own rows`,
    `      given === undefined ? null : scopeWhere(scoping, relation.to, given),
      ownRows(scoping, relation.to),`,
    `      given === undefined ? null : scopeWhere(scoping, relation.to, given),`,
  ),
  read(
    'filters of counts are scoped',
    'given === undefined ? null : scopeWhere(scoping, relation.to, given),',
    'given === undefined ? null : (given as Args),',
  ),
  read(
    '_count: true counts own rows',
    '    value === true\n      ? Object.fromEntries(lists.map(([key]) => [key, true]))',
    '    value === true\n      ? {}',
  ),
  filter(
    `filters on relations see own rows`,
    `const inner = (where: unknown) => allOf(scopeWhere(scoping, to, where), own) ?? {};`,
    `const inner = (where: unknown) => scopeWhere(scoping, to, where);`,
  ),
  filter(
    `every() is about own rows`,
    `if (!own || asksNothing(scoped)) return [{ [key]: { every: scoped } }];`,
    `return [{ [key]: { every: scoped } }];`,
  ),
  filter(
    'a row of another user is as good as null',
    'if (filter === null) return [own ? { isNot: own } : null];',
    'if (filter === null) return [null];',
  ),
  filter('the same, after is', '(own ? { isNot: own } : { is })', '({ is })'),
  filter('the same, after isNot', '(own ? { is: own } : { isNot })', '({ isNot })'),
  filter(
    'filters inside of logic are scoped',
    '? value.map((each) => scopeWhere(scoping, name, each))\n        : scopeWhere(scoping, name, value);',
    '? value\n        : value;',
  ),
  read(
    'the filter of a read is scoped',
    'if (args.where !== undefined) scoped.where = scopeWhere(scoping, name, args.where);',
    '',
  ),
  read(
    'an order by relations is looked at',
    'const ordered = args.orderBy === undefined ? [] : checkOrder(scoping, name, args.orderBy);',
    'const ordered: Args[] = [];',
  ),
  read(
    'a row of another user decides no order',
    'found.push(...[...(foreign ? [foreign] : []), ...deeper].map((is) => ({ [key]: { is } })));',
    'found.push(...deeper.map((is) => ({ [key]: { is } })));\n        void foreign;',
  ),
  read(
    'rows do not begin at a row that hangs on a row of another user',
    "if (ordered.length > 0 && args.cursor !== undefined) throw orderRefused(name, 'cursor');",
    '',
  ),
  read(
    'a cursor is at an own row',
    "return scope.kind === 'owned' ? { ...given, [scope.field]: scoping.userId } : given;",
    'return given;',
  ),
  read(
    'a cursor of what hangs on a row is refused',
    "if (scope.kind === 'through') throw orderRefused(name, 'cursor');",
    '',
  ),
  write(
    'the owner of a new row is set',
    '  return { ...rest, [scope.field]: scoping.userId };',
    '  return scoped;',
  ),
  write(
    `the owner of a new row is set by a relation`,
    `    return { ...rest, [scope.relation]: { connect: connectOwner(scoping, model, scope.relation) } };`,
    `    return rest;`,
  ),
  write(
    'an owner is not forged',
    '      if (!isUser(value, scoping.userId)) throw ownerForged(name, key);\n',
    '',
  ),
  write(
    'an owner is not forged by a relation',
    '  if (Object.keys(others).length + Object.keys(more).length > 0 || !isUser(id, scoping.userId))\n    throw ownerForged(name, key);',
    '',
  ),
  write(
    'the own key stays',
    "if (model.scope.kind === 'users' && changed.includes(ownerKey)",
    "if (changed.includes('none')",
  ),
  write(
    'plain keys of a new row are looked at',
    'collectLinks(scoping, { ...place, isNew: true }, scoped, demands);',
    '',
  ),
  write(
    'plain keys of a changed row are looked at',
    'collectLinks(scoping, { ...place, isNew: false }, scoped, demands);',
    '',
  ),
  write(
    `a key that others point at stays`,
    `demands.needs.push(...pointedAtByOwn(scoping, place.name, [...changed, ...linked]));`,
    `void linked;`,
  ),
  write(
    `writes inside of writes are scoped`,
    `        value,
        demands,
      );`,
    `        value,
        demands,
      ) && (value as Args);`,
  ),
  linking(
    `what is linked is own`,
    `if (relation.fields || !back?.fields) return [ownRows(scoping, relation.to), ...taken, ...needs];`,
    `if (relation.fields || !back?.fields) return [...taken, ...needs];`,
  ),
  linking(
    `a link takes the place of no row of another user`,
    `const taken = takes ? letsGoOwn(scoping, relation.to, relation.opposite, back) : [];`,
    `const taken: Args[] = takes ? [] : [];`,
  ),
  linking(
    `a link lets go of no row of another user`,
    `return isKept ? onlyOwn(scoping, key, relation) : letsGoOwn(scoping, name, key, relation);`,
    `return isKept ? onlyOwn(scoping, key, relation) : [];`,
  ),
  nested(
    `what is created below is scoped`,
    `each(value, (one) => scopeCreate(scoping, rowOf(place), one, { ...demands, needs: [] }));`,
    `each(value, (one) => scopeCreate(scoping, rowOf(place), one, { ...demands, needs: [] }) && one);`,
  ),
  nested(
    'what is created below in many is scoped',
    'const rows = toList(data).map((one) => scopeCreate(scoping, place, one, { ...demands, needs: [] }));',
    'const rows = toList(data);\n  void place;',
  ),
  nested(
    `what is let go is own`,
    `if (relation.isList) return each(value, (one) => uniqueWhere(scoping, relation.to, one, [own, ...needs]));`,
    `if (relation.isList) return value;`,
  ),
  nested(
    `what is let go one to one is own`,
    `if (value === true) return relation.fields ? true : (allOf(own, ...needs) ?? true);`,
    `if (value === true) return true;`,
  ),
  nested(
    'what is deleted below is own',
    'const conditions = [writableRows(scoping, relation.to), cascadesReachOwn(scoping, relation.to)];',
    'const conditions = [cascadesReachOwn(scoping, relation.to)];',
  ),
  nested(
    'what is deleted below cascades onto own rows',
    'const conditions = [writableRows(scoping, relation.to), cascadesReachOwn(scoping, relation.to)];',
    'const conditions = [writableRows(scoping, relation.to)];',
  ),
  nested(
    'many that are written below are own',
    'const matched = allOf(given, isColumns ? writable : null);',
    'const matched = allOf(given);',
  ),
  nested(
    'many that are deleted below cascade onto own rows',
    'guards: guard ? [guard] : [] }',
    'guards: guard ? [] : [] }',
  ),
  nested(
    `what is changed below is own`,
    `    const scoped = scopeUpdate(scoping, rowOf(place), data, inner);
    const conditions = [writableRows(scoping, relation.to), ...inner.needs];
    return {`,
    `    const scoped = scopeUpdate(scoping, rowOf(place), data, inner);
    const conditions = inner.needs;
    return {`,
  ),
  nested(
    `what is upserted below is own`,
    `      return { ...matched(scoping, relation, where, conditions), ...both };`,
    `      return { ...matched(scoping, relation, where, inner.needs), ...both };`,
  ),
  nested(
    `what is changed below is scoped`,
    `    return { ...matched(scoping, relation, where, conditions), data: scoped };`,
    `    return { ...matched(scoping, relation, where, conditions), data: scoped && data };`,
  ),
  linking(
    'owners are not let go below',
    "if (sayWhose(target, back) && (verb === 'set' || verb === 'disconnect'))",
    'if (sayWhose(target, back) && verb === undefined)',
  ),
  linking(
    'rows are not created for a new user',
    "  if (isNew && scope.kind === 'owned' && scope.relation === relation.opposite)\n    throw ownerForged(relation.to, scope.field);",
    '',
  ),
  guard(
    `rows of others are found behind rows`,
    `const further = isEndless ? [] : listDependents(scoping, name, way);`,
    `const further: Args[] = isEndless ? [] : [];`,
  ),
  guard(
    'only what is left alone is left out',
    "if (!back?.fields || back.onDelete === 'Restrict' || back.onDelete === 'NoAction') return [];",
    "if (back?.onDelete !== 'Cascade') return [];",
  ),
  client(
    'raw SQL is refused',
    'if (!isMeant(args)) throw rawSql(operation);',
    'if (isMeant(args) && !isMeant(args)) throw rawSql(operation);',
  ),
  client(
    `plain keys are asked for`,
    `if (found !== keys.length) throw linkNotOwn(link.model, link.relation, link.to);`,
    ``,
  ),
  scope(
    `other users are not changed`,
    `return isUsers ? { [scoping.map.ownerKey]: { not: scoping.userId } } : foreignRows(scoping, name);`,
    `return isUsers ? null : foreignRows(scoping, name);`,
  ),
  asked(
    `rows are not moved below a question that was asked`,
    `if ([...asks].some((each) => moves.has(each)))`,
    `if ([...asks].some((each) => moves.has(\`\${each}!\`)))`,
  ),
  asked(
    'more is asked where rows may come to match',
    'return !isBroad && [...matches].some((each) => changes.has(each));',
    'return isBroad && [...matches].some((each) => changes.has(each));',
  ),
  asked('rows that are let go may come to match', 'else changes.add(to);', ''),
  asked(
    'rows that follow a key may come to match',
    'noteChanged(scoping, to, back.fields ?? [], { changes }, seen);',
    '',
  ),
  asked(
    'rows of the user are where they are linked to',
    "return scope?.kind === 'owned' && scope.relation === end && relations?.[end]?.fields?.length === 1;",
    'return scope === relations;',
  ),
  nested(
    'rows are moved below new ones',
    "const isMade = relation.fields !== undefined && (verb === 'create' || verb === 'upsert');",
    'const isMade = false;',
  ),
  nested(
    'what is linked is not what was asked about',
    'noteUpserted(scoping, name, key, demands.course);',
    '',
  ),
  nested(
    'rows that are linked or let go may come to match',
    'if (!relation.fields) noteChanged(scoping, relation.to, back?.fields ?? [], course);',
    'void back;',
  ),
  nested(
    'it is asked about all rows',
    'const asked = course.isBroad ? (isColumns ? writable : null) : matched;',
    'const asked = matched;',
  ),
  write(
    'changed rows may come to match',
    'if (place.via !== undefined) noteChanged(scoping, place.name, Object.keys(scoped), demands.course);',
    '',
  ),
  operation(
    'what a row would be created with is not what it is changed with',
    '{ ...demands, needs: [], course: beginCourse(false) }',
    '{ ...demands, needs: [] }',
  ),
  linking(
    `a row of another model keeps its foreign key`,
    `return [writableRows(scoping, relation.to), ...pointedAtByOwn(scoping, relation.to, back.fields), ...needs];`,
    `return [ownRows(scoping, relation.to), ...pointedAtByOwn(scoping, relation.to, back.fields), ...needs];`,
  ),
];
