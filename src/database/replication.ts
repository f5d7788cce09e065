/** What the primary says of one replica. Positions are bytes of its log. */
export interface Replica {
  name: string;
  /** How far it has replayed the log; null where this role may not see it. */
  replayed: bigint | null;
  /** What the server itself measured, in seconds; 0 where it measured nothing. */
  seconds: number;
  /** False for a slot that nobody reads from now. */
  isConnected: boolean;
}

/** Where the primary's log ends, and who follows it. */
export interface Replication {
  position: bigint;
  replicas: Replica[];
}
