import { describe, expect, it, type TestContext } from 'vitest';
import type { Rtm1, Rtm1Options } from '../../../src/index.js';
import type { V2Library } from '../../../src/v2/index.js';
import { type Backend, describeEveryBackend } from '../../support/backend.js';
import { type FaultyLibrary, noFaults, withFaults } from '../../support/faults.js';
import { FAMILIES, type Family } from './family.js';
import { Clock, Manager } from './manager.js';
import { NativeEntity } from './native-entity.js';
import { type Row, table } from './table.js';

/** What the test of a row has to work with: one table of one family, empty at first. */
export interface Scene {
  readonly family: Family;
  readonly clock: Clock;
  readonly manager: Manager;
  readonly library: V2Library;
  /** Opens another object on the same table, with the same clock unless an option says otherwise. */
  readonly open: (options?: Rtm1Options) => Rtm1;
  /** Opens an object on the same table whose calls of RTMv2 can be made to fail; after the test they no longer do. */
  readonly openFaulty: () => { readonly faults: FaultyLibrary; readonly manager: Manager };
  /** Registers an entity with RTMv2 itself on the same table; it leaves after the test. */
  readonly native: (protocol?: number, instance?: number) => NativeEntity;
}

/** A protocol that no v1 client of these tests has. */
export const NATIVE_PROTOCOL = 10000;

const NATIVE_INSTANCE = 77;

type Body = (scene: Scene) => void | Promise<void>;

/** Declares the test of a row that needs a table: it runs for each family of the row on each library. */
type DeclareTest = (id: string, body: Body) => void;

/** Declares the test of a row that needs no table. */
type DeclarePlainTest = (id: string, body: () => void) => void;

/** Sets a scene, and returns it with what ends it, whether or not the test has succeeded. */
function sceneOn(backend: Backend, family: Family): { scene: Scene; end: () => void } {
  const clock = new Clock();
  const own = { clock: () => clock.now };
  const natives: NativeEntity[] = [];
  const faulty: FaultyLibrary[] = [];
  const open = (options: Rtm1Options = {}): Rtm1 => backend.open({ ...own, ...options });
  const scene = {
    family,
    clock,
    manager: new Manager(open(), family, clock),
    library: backend.library(),
    open,
    openFaulty: () => {
      const faults = withFaults(backend.library());
      faulty.push(faults);
      return { faults, manager: new Manager(backend.openOn(faults.library, own), family, clock) };
    },
    native: (protocol = NATIVE_PROTOCOL, instance = NATIVE_INSTANCE) => {
      const native = new NativeEntity(backend.library(), family, protocol, instance);
      natives.push(native);
      return native;
    },
  };
  const end = (): void => {
    for (const faults of faulty) faults.plan(noFaults);
    for (const native of natives) native.leave();
  };
  return { scene, end };
}

/** Why a library may be without a family that it does not have; undefined if it has it, or ought to. */
function excuse({ manager, library, family }: Scene): string | undefined {
  const lacks = table.mayLack[library.kind];
  if (lacks?.families.includes(family.name) !== true) return undefined;
  const networks = manager.rtm.RtmGetNetworkCount(family.number);
  return networks === 0 && manager.rtm.GetLastError() !== 0 ? lacks.why : undefined;
}

/** A test of a row that is not kept must fail, so that its entry in the table goes when it is. */
const testOf = ({ departs }: Row): typeof it.fails => (departs === undefined ? it : it.fails);

const nameOf = ({ id, what, departs }: Row): string =>
  departs === undefined ? `${id}: ${what}` : `${id}: ${what} (not kept: ${departs})`;

function declare(row: Row, body: Body, backend: Backend, family: Family): void {
  testOf(row)(nameOf(row), async (context: TestContext) => {
    expect.hasAssertions();
    const { scene, end } = sceneOn(backend, family);
    const note = excuse(scene);
    context.skip(note !== undefined, note);
    try {
      await body(scene);
    } finally {
      end();
    }
  });
}

/**
 * Runs the tests of one suite of `mappings/conformance.json`, and fails unless exactly its rows have tests.
 *
 * @param name the suite: the name of the test file without `.test.ts`
 */
export function conformance(name: string, define: (test: DeclareTest, plainTest: DeclarePlainTest) => void): void {
  const rows = table.suites.find(({ suite }) => suite === name)?.rows ?? [];
  const bodies = new Map<string, Body>();
  const plainBodies = new Map<string, () => void>();
  const repeated: string[] = [];
  const note = (id: string): void => {
    if (bodies.has(id) || plainBodies.has(id)) repeated.push(id);
  };
  define(
    (id, body) => {
      note(id);
      bodies.set(id, body);
    },
    (id, body) => {
      note(id);
      plainBodies.set(id, body);
    },
  );

  it('has one test for each of its rows, and a row for each of its tests', () => {
    expect(repeated, 'ids with more than one test').toEqual([]);
    const needTable = rows.filter(({ families }) => families !== 'none').map(({ id }) => id);
    const needNone = rows.filter(({ families }) => families === 'none').map(({ id }) => id);
    expect([...bodies.keys()].sort(), 'tests with a table').toEqual(needTable.sort());
    expect([...plainBodies.keys()].sort(), 'tests without one').toEqual(needNone.sort());
  });

  for (const row of rows) {
    const body = plainBodies.get(row.id);
    if (body === undefined) continue;
    testOf(row)(nameOf(row), () => {
      expect.hasAssertions();
      body();
    });
  }

  if (bodies.size === 0) return;
  describeEveryBackend((backend) => {
    for (const family of FAMILIES) {
      const ofFamily = rows.flatMap((row) => {
        const body = bodies.get(row.id);
        return body !== undefined && (row.families === 'both' || row.families === family.name) ? [{ row, body }] : [];
      });
      if (ofFamily.length === 0) continue;
      describe(family.name, () => {
        for (const { row, body } of ofFamily) declare(row, body, backend, family);
      });
    }
  });
}
