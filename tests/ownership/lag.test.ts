import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import type { Replica } from '../../src/database/replication.ts';
import { createLagMeter } from '../../src/ownership/lag.ts';

const standby = (replayed: bigint, more: Partial<Replica> = {}): Replica => {
  return { name: 'standby', replayed, seconds: 0, isConnected: true, ...more };
};

describe('the lag of replicas', () => {
  it('is null where there is none', () =>
    assert.equal(createLagMeter()({ position: 5n, replicas: [] }, 0), null));

  it('is the time since the log first ended beyond what a replica has replayed', () => {
    const measure = createLagMeter();
    const at = (nowMs: number, position: bigint, replayed: bigint) =>
      measure({ position, replicas: [standby(replayed)] }, nowMs)?.seconds;
    assert.equal(at(0, 100n, 100n), 0);
    assert.equal(at(1000, 200n, 100n), 0);
    assert.equal(at(3500, 300n, 100n), 2.5);
    assert.equal(at(9000, 300n, 200n), 5.5);
    assert.equal(at(9500, 300n, 300n), 0);
    assert.equal(at(20_000, 300n, 300n), 0);
  });

  it('grows while a replica that the server last measured as quick stands still', () => {
    const measure = createLagMeter();
    measure({ position: 1n, replicas: [standby(1n, { seconds: 0.01 })] }, 0);
    measure({ position: 2n, replicas: [standby(1n, { seconds: 0.01 })] }, 100);
    assert.equal(measure({ position: 2n, replicas: [standby(1n, { seconds: 0.01 })] }, 60_100)?.seconds, 60);
  });

  it('is what the server measured where that is more', () =>
    assert.equal(createLagMeter()({ position: 9n, replicas: [standby(1n, { seconds: 7 })] }, 0)?.seconds, 7));

  it('is that of the replica that is furthest behind', () => {
    const measure = createLagMeter();
    const replicas = [standby(5n), standby(1n, { name: 'far' }), standby(4n, { name: 'near' })];
    measure({ position: 5n, replicas }, 0);
    assert.deepEqual(measure({ position: 5n, replicas }, 2000), { replica: 'far', seconds: 2 });
  });

  it('leaves a slot out that nobody has read from, and keeps one whose reader went away', () => {
    const measure = createLagMeter();
    const slot = standby(1n, { name: 'slot', isConnected: false });
    measure({ position: 5n, replicas: [slot] }, 0);
    assert.equal(measure({ position: 5n, replicas: [slot] }, 9000), null);
    measure({ position: 5n, replicas: [{ ...slot, replayed: 5n, isConnected: true }] }, 10_000);
    measure({ position: 8n, replicas: [{ ...slot, replayed: 5n }] }, 11_000);
    const gone = measure({ position: 8n, replicas: [{ ...slot, replayed: 5n }] }, 14_000);
    assert.deepEqual(gone, { replica: 'slot', seconds: 3 });
  });
});
