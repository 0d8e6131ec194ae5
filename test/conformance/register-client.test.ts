import { expect } from 'vitest';
import { EventObject } from '../../src/index.js';
import { failFirst, noFaults } from '../support/faults.js';
import { type Family, IP, IPX } from './support/family.js';
import { Manager } from './support/manager.js';
import { conformance, type Scene } from './support/suite.js';

const NO_ERROR = 0;
const ERROR_INVALID_HANDLE = 6;
const ERROR_NOT_ENOUGH_MEMORY = 8;
const ERROR_INVALID_PARAMETER = 87;
const ERROR_CLIENT_ALREADY_EXISTS = 183;
const ERROR_NO_SYSTEM_RESOURCES = 1450;
const RTM_PROTOCOL_SINGLE_ROUTE = 1;

/** Registers what must be refused, and returns the last error. */
function refusal({ rtm }: Manager, family: number, protocol: number, event: unknown, flags: number): number {
  expect(rtm.RtmRegisterClient(family, protocol, event as null, flags)).toBe(0);
  return rtm.GetLastError();
}

/** Lets RTMv2 refuse a registration with a code once, and returns what the caller learns; the next one must succeed. */
function refusalWith({ openFaulty, family }: Scene, code: number): number {
  const { faults, manager } = openFaulty();
  faults.plan(failFirst('RtmRegisterEntity', code));
  const learnt = refusal(manager, family.number, family.protocols[0], null, 0);
  faults.plan(noFaults);
  manager.deregister(manager.client());
  return learnt;
}

conformance('register-client', (test) => {
  test('register-gives-handle', ({ manager }) => {
    const client = manager.client();
    expect(manager.tryAdd(client, manager.bytes()).code).toBe(NO_ERROR);
    expect(manager.tryDelete(client, manager.bytes()).code).toBe(NO_ERROR);
  });

  test('register-183', ({ manager, family }) => {
    const client = manager.client();
    for (const flags of [0, RTM_PROTOCOL_SINGLE_ROUTE]) {
      expect(refusal(manager, family.number, family.protocols[0], null, flags)).toBe(ERROR_CLIENT_ALREADY_EXISTS);
    }
    expect(refusal(manager, family.number, family.protocols[0], new EventObject(), 0)).toBe(ERROR_CLIENT_ALREADY_EXISTS);
    manager.add(client);
    expect(manager.routes(), 'the first client is as it was').toEqual([manager.entry()]);
  });

  test('register-87-family', ({ manager, family }) => {
    for (const number of [2, 3, 23, 0x7fffffff, 0xffffffff, -1, 0.5, NaN]) {
      expect(refusal(manager, number, family.protocols[0], null, 0), `family ${number}`).toBe(ERROR_INVALID_PARAMETER);
    }
  });

  test('register-87-flags', ({ manager, family }) => {
    for (let bit = 1; bit < 32; bit += 1) {
      for (const flags of [2 ** bit, 2 ** bit + RTM_PROTOCOL_SINGLE_ROUTE]) {
        const code = refusal(manager, family.number, family.protocols[0], null, flags);
        expect(code, `flags 0x${flags.toString(16)}`).toBe(ERROR_INVALID_PARAMETER);
      }
    }
    manager.client();
  });

  test('register-87-event', ({ manager, family }) => {
    for (const event of [-1, 0.5, 'event', {}, new Uint32Array(1), () => 0, true]) {
      expect(refusal(manager, family.number, family.protocols[0], event, 0), typeof event).toBe(ERROR_INVALID_PARAMETER);
    }
    manager.client();
  });

  test('register-8', (scene) => {
    expect(refusalWith(scene, ERROR_NOT_ENOUGH_MEMORY)).toBe(ERROR_NOT_ENOUGH_MEMORY);
  });

  test('register-1450', (scene) => {
    expect(refusalWith(scene, ERROR_NO_SYSTEM_RESOURCES)).toBe(ERROR_NO_SYSTEM_RESOURCES);
  });

  test('register-single-route', ({ manager }) => {
    manager.add(manager.client(0, { flags: RTM_PROTOCOL_SINGLE_ROUTE }));
    expect(manager.routes()).toEqual([manager.entry()]);
  });

  test('register-without-event', ({ manager }) => {
    const deaf = manager.client(0);
    manager.add(manager.client(1));
    expect(manager.dequeue(deaf).code).toBe(ERROR_INVALID_HANDLE);
  });

  test('register-event-handle-0', ({ manager }) => {
    const deaf = manager.client(0, { event: 0 });
    expect(manager.dequeue(deaf).code).toBe(ERROR_INVALID_HANDLE);
  });

  test('register-key-has-family', ({ manager, clock }) => {
    const [ip, ipx] = [IP, IPX].map((family) => new Manager(manager.rtm, family, clock)) as [Manager, Manager];
    const register = ({ number }: Family): number => manager.rtm.RtmRegisterClient(number, 4711, null, 0);
    const clients = [register(IP), register(IPX)] as const;
    expect(clients).not.toContain(0);
    ip.add(clients[0]);
    expect([ip.count(), ipx.count()]).toEqual([1, 0]);
    ipx.add(clients[1], { net: 2 });
    expect([ip.routes(), ipx.routes()]).toEqual([[ip.entry({ protocol: 4711 })], [ipx.entry({ net: 2, protocol: 4711 })]]);
  });

  test('register-one-for-all-objects', ({ manager, open, family, clock }) => {
    const client = manager.client();
    const other = new Manager(open(), family, clock);
    expect(refusal(other, family.number, family.protocols[0], null, 0)).toBe(ERROR_CLIENT_ALREADY_EXISTS);
    manager.deregister(client);
    other.client();
  });

  test('register-instances-apart', ({ manager, open, family, clock }) => {
    const other = new Manager(open({ instance: 1 }), family, clock);
    manager.add(manager.client(), { net: 1 });
    other.add(other.client(), { net: 2 });
    expect(manager.routes()).toEqual([manager.entry({ net: 1 })]);
    expect(other.routes()).toEqual([manager.entry({ net: 2 })]);
  });

  test('register-again', ({ manager }) => {
    const first = manager.client();
    manager.deregister(first);
    const second = manager.client();
    expect(second).not.toBe(first);
    manager.add(second);
    expect(manager.routes()).toEqual([manager.entry()]);
  });

  test('register-any-protocol-number', ({ manager, family }) => {
    const protocols = [0, 0xffffffff];
    const clients = protocols.map((protocol) => manager.rtm.RtmRegisterClient(family.number, protocol, null, 0));
    for (const client of clients) manager.add(client, { via: 2 });
    expect(manager.routes()).toEqual(protocols.map((protocol) => manager.entry({ via: 2, protocol })));
    for (const protocol of protocols) {
      expect(manager.routes(4, { protocol })).toEqual([manager.entry({ via: 2, protocol })]);
    }
    manager.remove(clients[0] ?? 0, { via: 2 });
    expect(manager.routes()).toEqual([manager.entry({ via: 2, protocol: 0xffffffff })]);
  });

  test('register-tells-nothing', ({ manager }) => {
    const speaker = manager.client(0);
    manager.add(speaker, { net: 1 });
    const event = new EventObject();
    const listener = manager.client(1, { event });
    expect(event.signalled).toBe(false);
    expect(manager.messages(listener)).toEqual([]);
    manager.add(speaker, { net: 2 });
    expect(manager.messages(listener)).toEqual([{ flags: 1, current: manager.entry({ net: 2 }), previous: null }]);
  });

  test('register-success-keeps-last-error', ({ manager, family }) => {
    expect(refusal(manager, 5, 1, null, 0)).toBe(ERROR_INVALID_PARAMETER);
    expect(manager.rtm.RtmRegisterClient(family.number, family.protocols[0], null, 0)).not.toBe(0);
    expect(manager.rtm.GetLastError()).toBe(ERROR_INVALID_PARAMETER);
  });

  test('register-handles', ({ manager, open, family, clock }) => {
    const closed: number[] = [];
    for (let time = 0; time < 20; time += 1) {
      const client = manager.client();
      expect(closed).not.toContain(client);
      manager.deregister(client);
      closed.push(client);
    }
    manager.client();
    const other = new Manager(open(), family, clock);
    const foreign = [1, 2].map((index) => other.client(index as 1 | 2));
    for (const handle of [...closed, ...foreign]) {
      expect(manager.tryAdd(handle, manager.bytes()).code, `handle ${handle}`).toBe(ERROR_INVALID_HANDLE);
    }
  });
});
