import { IpNetwork, IpSpecificData, RtmIpRoute } from '../../src/v1/ip-route.js';
import { IpxNetwork, IpxNextHopAddress, IpxSpecificData, RtmIpxRoute } from '../../src/v1/ipx-route.js';

const fail = (): never => {
  throw new Error('a hostile value was asked something');
};

/** A handler whose every trap throws. */
const throwingTraps: ProxyHandler<object> = Object.fromEntries(
  [
    'apply', 'construct', 'defineProperty', 'deleteProperty', 'get', 'getOwnPropertyDescriptor', 'getPrototypeOf', 'has',
    'isExtensible', 'ownKeys', 'preventExtensions', 'set', 'setPrototypeOf',
  ].map((trap) => [trap, fail]),
);

function revokedProxy(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

/** Takes the memory of a view away, as a transfer to another thread does. */
export function detached<T extends ArrayBufferView>(view: T): T {
  structuredClone(view.buffer, { transfer: [view.buffer as ArrayBuffer] });
  return view;
}

/** A view that keeps its length while its buffer shrinks under it. */
function shrunk<T>(make: (buffer: ArrayBuffer) => T): T {
  const buffer = Reflect.construct(ArrayBuffer, [256, { maxByteLength: 512 }]) as ArrayBuffer;
  const view = make(buffer);
  (buffer as ArrayBuffer & { resize(length: number): void }).resize(4);
  return view;
}

class LyingBytes extends Uint8Array {
  override get length(): number {
    return 92;
  }
  override get byteLength(): number {
    return fail();
  }
  override get [Symbol.toStringTag](): 'Uint8Array' {
    return fail();
  }
  override subarray(): Uint8Array<ArrayBuffer> {
    return fail();
  }
}

class LyingDwords extends Uint32Array {
  override get length(): number {
    return fail();
  }
}

class ThrowingRoute extends RtmIpRoute {
  override get bytes(): Uint8Array {
    return fail();
  }
}

const throwingGetters = Object.defineProperties(
  {},
  Object.fromEntries(
    ['length', 'buffer', 'byteLength', 'byteOffset', 'bytes', 'handle', 'constructor', 'valueOf', 'toString', '0'].map(
      (name) => [name, { get: fail }],
    ),
  ),
);

/** Values of every type of JavaScript, and objects that lie or throw when they are asked anything. */
export function hostileValues(): unknown[] {
  const shared = new SharedArrayBuffer(128);
  const throwing = { [Symbol.toPrimitive]: fail, valueOf: fail, toString: fail, toJSON: fail };
  return [
    ...[undefined, null, true, false, '', '0', '1', 'embedded', Symbol('hostile'), Symbol.iterator, 0n, 10n, -1n, 2n ** 64n],
    ...[0, -0, 1, 2, 3, 4, 7, 8, 15, 16, -1, 0.5, 1.5, NaN, Infinity, -Infinity, 2147483, 2147484, 2 ** 31, -(2 ** 31)],
    ...[2 ** 32 - 1, 2 ** 32, 2 ** 52, 2 ** 53 - 1, 2 ** 53, -(2 ** 53), 1e308, Number.MIN_VALUE, 1048576, 1048577],
    ...[{}, [], [1, 2, 3], Object.create(null) as unknown, Object.freeze({}), throwing, throwingGetters, new Proxy({}, throwingTraps)],
    ...[revokedProxy(), new Proxy(new RtmIpRoute(), throwingTraps), new Proxy(new Uint8Array(92), {})],
    ...[new Proxy(new Uint32Array(1), throwingTraps), new Proxy(() => 0, throwingTraps), () => 0, fail, RtmIpRoute],
    ...[new Date(NaN), /./, new Map(), new WeakMap(), new Error('hostile'), Promise.resolve(), globalThis],
    ...[new ArrayBuffer(92), shared, new DataView(new ArrayBuffer(92)), Buffer.alloc(92), Buffer.alloc(4), 'x'.repeat(92)],
    ...[0, 3, 4, 7, 8, 51, 52, 91, 92, 93, 4096].map((length) => new Uint8Array(length)),
    ...[0, 1, 2, 23].map((length) => new Uint32Array(length)),
    ...[new Uint8ClampedArray(92), new Int8Array(92), new Uint16Array(46), new Int32Array(23), new Float64Array(12)],
    ...[new BigUint64Array(12), new Uint8Array(shared), new Uint32Array(shared), new Uint8Array(200).subarray(3, 99)],
    ...[detached(new Uint8Array(92)), detached(new Uint32Array(1)), detached(new Float64Array(12))],
    ...[shrunk((buffer) => new Uint8Array(buffer)), shrunk((buffer) => new Uint8Array(buffer, 0, 92))],
    ...[shrunk((buffer) => new Uint32Array(buffer, 64)), shrunk((buffer) => new RtmIpRoute(new Uint8Array(buffer)))],
    ...[new LyingBytes(8), new LyingBytes(92), new LyingDwords(0), new LyingDwords(1), new ThrowingRoute()],
    ...[new RtmIpRoute(), new RtmIpRoute(new Uint8Array(shared)), new RtmIpRoute(new Uint8Array(92))],
    ...[Object.create(RtmIpRoute.prototype) as unknown, Object.freeze(new RtmIpRoute()), new IpNetwork(), new IpSpecificData()],
    ...[new RtmIpxRoute(), new RtmIpxRoute(new Uint8Array(shared)), Object.create(RtmIpxRoute.prototype) as unknown],
    ...[new Proxy(new RtmIpxRoute(), throwingTraps), new IpxNetwork(), new IpxNextHopAddress(), new IpxSpecificData()],
    ...[shrunk((buffer) => new RtmIpxRoute(new Uint8Array(buffer))), shrunk((buffer) => new IpxNetwork(new Uint8Array(buffer)))],
    ...[RtmIpRoute.prototype, Uint8Array.prototype, Object.setPrototypeOf(new Uint8Array(92), null) as unknown],
  ] as unknown[];
}
