/** How many rows, and the sum of their digests as 32 hexadecimal digits. */
export interface Digest {
  rows: number;
  digest: string;
}

const HALF = 2n ** 64n;
/** Of no rows. */
export const NOTHING: Digest = { rows: 0, digest: '0'.repeat(32) };

/** What `DigestDialect.sum` gave, both halves modulo 2^64. */
export function toDigest(rows: number | bigint, sums: string | null): Digest {
  const [high = 0n, low = 0n] = (sums ?? '0,0').split(',').map((half) => mod(BigInt(half)));
  return { rows: Number(rows), digest: toHex(high) + toHex(low) };
}

/** Of the rows of both: the same as if they had been digested at once. */
export function addDigests(a: Digest, b: Digest): Digest {
  const half = (from: number) =>
    toHex(
      mod(BigInt(`0x${a.digest.slice(from, from + 16)}`) + BigInt(`0x${b.digest.slice(from, from + 16)}`)),
    );
  return { rows: a.rows + b.rows, digest: half(0) + half(16) };
}

export function isSameDigest(a: Digest, b: Digest): boolean {
  return a.rows === b.rows && a.digest === b.digest;
}

function mod(value: bigint): bigint {
  return ((value % HALF) + HALF) % HALF;
}

function toHex(half: bigint): string {
  return half.toString(16).padStart(16, '0');
}
