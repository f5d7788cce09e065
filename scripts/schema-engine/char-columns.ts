import type { PrismaPg } from '@prisma/adapter-pg';
import {
  type ColumnType,
  ColumnTypeEnum,
  DriverAdapterError,
  type SqlQuery,
  type SqlResultSet,
} from '@prisma/driver-adapter-utils';

/** A connection of @prisma/adapter-pg, which exports its factory only. */
export type PgAdapter = Awaited<ReturnType<PrismaPg['connect']>>;

/** Result columns of the catalogue queries that the adapter refuses for their one-byte type "char"; others are text. */
const CATALOGUE_TYPES: Record<number, ColumnType> = {
  16: ColumnTypeEnum.Boolean, // bool
  18: ColumnTypeEnum.Character, // "char"
  21: ColumnTypeEnum.Int32, // int2
  23: ColumnTypeEnum.Int32, // int4
  26: ColumnTypeEnum.Int64, // oid
};

/** Runs a query of the engine, if need be past the adapter. */
export async function queryWithChar(adapter: PgAdapter, query: SqlQuery): Promise<SqlResultSet> {
  try {
    return await adapter.queryRaw(query);
  } catch (error) {
    if (!(error instanceof DriverAdapterError) || error.cause.kind !== 'UnsupportedNativeDataType')
      throw error;
    const values = query.args;
    const result = await adapter.underlyingDriver().query({ text: query.sql, values, rowMode: 'array' });
    return {
      columnNames: result.fields.map((field) => field.name),
      columnTypes: result.fields.map((field) => CATALOGUE_TYPES[field.dataTypeID] ?? ColumnTypeEnum.Text),
      rows: result.rows,
    };
  }
}
