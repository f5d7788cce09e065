import { findSetting, type RawConfig } from './config.ts';
import { type DatabaseUrl, parseDatabaseUrl } from './database/database-url.ts';
import { databaseUrlInvalid, targetVariableUnset } from './errors.ts';

/** Reads what `--to` names: a URL, or a variable of the environment or of `.env` that holds one, so that no password is typed. */
export function readTargetUrl(raw: RawConfig, named: string): DatabaseUrl {
  const isUrl = /^[a-z+]+:/i.test(named);
  const text = isUrl ? named : findSetting(raw, named);
  if (text === null) throw targetVariableUnset(named);
  const url = parseDatabaseUrl(text.trim(), [raw.cwd]);
  if (typeof url === 'string') throw databaseUrlInvalid(isUrl ? '--to' : `${named} (from --to)`, url);
  return url;
}
