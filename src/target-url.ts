import { findSetting, type RawConfig } from './config.ts';
import { type DatabaseUrl, parseDatabaseUrl } from './database/database-url.ts';
import { databaseUrlInvalid, targetVariableUnset } from './errors.ts';
import { hidePassword } from './hide-password.ts';
import { quoteWord } from './shell.ts';

/** Reads what `--to` names: a URL, or a variable of the environment or of `.env` that holds one, so that no password is typed. */
export function readTargetUrl(raw: RawConfig, named: string): DatabaseUrl {
  const isUrl = /^[a-z+]+:/i.test(named);
  const text = isUrl ? named : findSetting(raw, named);
  // What is no name may be a URL with a mistake in it, and a password.
  if (text === null) throw targetVariableUnset(isName(named) ? named : null);
  const url = parseDatabaseUrl(text.trim(), [raw.cwd]);
  if (typeof url === 'string')
    throw databaseUrlInvalid(isUrl ? '--to' : `${named} (from --to)`, hidePassword(url));
  return url;
}

/** `--to` as it was typed, for a command to type; of a server's URL no more than that it is one. */
export function spellTarget(named: string | undefined): string {
  if (named === undefined) return '';
  return ` --to=${isName(named) || /^file:/i.test(named) ? quoteWord(named) : 'URL'}`;
}

/** As variables are named. */
function isName(text: string): boolean {
  return /^\w+$/.test(text);
}
