/** A name, a colon, and what stands between that and the last @: of a URL, also of one that lacks some of its signs. */
const LOGIN = /((?:^|[/:"'=\s])[^\s/:@"'=]*:(?!\/\/)).*@/g;

/** A text without what may be the password of a URL in it. Rather too much is hidden than too little. Pure. */
export function hidePassword(text: string): string {
  return text.replace(LOGIN, '$1***@');
}
