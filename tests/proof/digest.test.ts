import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { addDigests, isSameDigest, NOTHING, toDigest } from '../../src/proof/digest.ts';

const half = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const digest = fc.tuple(fc.nat(), half, half).map(([rows, high, low]) => toDigest(rows, `${high},${low}`));

describe('digests of rows', () => {
  it('are the same in whatever order and groups they are added', () => {
    fc.assert(
      fc.property(fc.array(digest), fc.nat(), (digests, seed) => {
        const shuffled = digests
          .map((each, i) => ({ each, at: (i * 7919 + seed) % 104_729 }))
          .sort((a, b) => a.at - b.at)
          .map(({ each }) => each);
        const at = digests.length === 0 ? 0 : seed % digests.length;
        const whole = digests.reduce(addDigests, NOTHING);
        assert.deepEqual(shuffled.reduce(addDigests, NOTHING), whole);
        const [first, second] = [digests.slice(0, at), digests.slice(at)].map((part) =>
          part.reduce(addDigests, NOTHING),
        );
        assert.deepEqual(addDigests(first ?? NOTHING, second ?? NOTHING), whole);
      }),
    );
  });

  it('are what the database would have summed up at once, beyond 64 bits and below zero', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(half, half)), (halves) => {
        const asSigned = (value: bigint) => BigInt.asIntN(64, value);
        const sum = (at: 0 | 1, as: (value: bigint) => bigint) =>
          halves.reduce((total, each) => total + as(each[at]), 0n);
        const signed = toDigest(halves.length, `${sum(0, asSigned)},${sum(1, asSigned)}`);
        const unsigned = toDigest(halves.length, `${sum(0, BigInt)},${sum(1, BigInt)}`);
        const added = halves.map(([high, low]) => toDigest(1, `${high},${low}`)).reduce(addDigests, NOTHING);
        assert.deepEqual(signed, unsigned);
        assert.deepEqual(signed, added);
        assert.match(signed.digest, /^[0-9a-f]{32}$/);
      }),
    );
  });

  it('are the same only with as many rows', () => {
    assert.deepEqual(toDigest(0n, null), NOTHING);
    assert.equal(isSameDigest(toDigest(1, '0,0'), NOTHING), false);
    assert.equal(isSameDigest(toDigest(2, '1,2'), toDigest(2, '1,2')), true);
    assert.equal(isSameDigest(toDigest(2, '1,2'), toDigest(2, '1,3')), false);
  });
});
