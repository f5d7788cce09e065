/** Somebody else's connection to a database. */
export interface OtherSession {
  id: string;
  user: string;
  /** What it calls itself, and where it comes from; empty where the server does not tell. */
  application: string;
  address: string;
}
