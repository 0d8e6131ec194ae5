/**
 * Threads that are terminated wherever they happen to be while they and others work on one routing table. A program of its
 * own, run on the built package: what it is looking for would take a test runner down, or hang it. What it prints is told
 * by test/v1/thread-storm.test.ts.
 *
 *     node thread-storm.mjs storm SEED      several threads, some of them terminated; prints what is left of it all
 *     node thread-storm.mjs waiting SEED    threads terminated while they wait for a lock of RTMv2
 *     node thread-storm.mjs exit SEED       the process ends while threads are at work
 */
import { setImmediate } from 'node:timers/promises';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import * as rtm1 from '../../dist/index.js';
import { V1_CLIENT_INSTANCE } from '../../dist/v1/owners.js';
import { constant, offsetOf, openRtmv2, sizeOf, sizeOfDestInfo, sizeOfRouteInfo } from '../../dist/v2/index.js';

const NETWORKS = 200;
const STEADY = { first: 201, count: 3, steps: 3000 };
/** Each is replaced by the next as soon as it has been terminated. */
const DOOMED = { first: 301, count: 15, atOnce: 3 };
const NATIVE = 99;
const UCAST = constant('RTM_VIEW_MASK_UCAST');
const NO_MORE_ITEMS = constant('ERROR_NO_MORE_ITEMS');

/** A small generator: the same steps for the same seed, as far as one thread goes. */
function random(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const networkOf = (n) => `10.${n % NETWORKS}.0.0/16`;

/** One client after another, each with some of everything that a client can do. */
function* steps(rtm, protocol, below) {
  for (;;) {
    const client = rtm1.RtmClient.register({ family: 'ip', protocol, singleRoute: below(4) === 0, notify: below(3) === 0, rtm });
    yield;
    const walk = [];
    for (let step = 0; step < 300; step += 1) {
      const route = { network: networkOf(below(NETWORKS)), nextHop: `192.0.2.${1 + below(4)}`, interface: below(3), metric: below(5) };
      const choice = below(20);
      if (choice < 11) client.addRoute({ ...route, priority: below(3) });
      else if (choice < 14) deleteIfThere(client, route);
      else if (choice === 14) client.bestRoute(route.network);
      else if (choice === 15) client.lookup(route.nextHop);
      else if (choice === 16) client.deleteRoutes({ network: route.network });
      else if (choice === 17) client.networkCount();
      else if (walk.length === 0) walk.push(client.routes({ protocol }));
      else if (walk[0].next().done) walk.pop();
      yield;
    }
    client.dispose();
  }
}

function deleteIfThere(client, route) {
  try {
    client.deleteRoute(route);
  } catch (error) {
    if (error.name !== 'ERROR_NO_SUCH_ROUTE') throw error;
  }
}

/** A thread: so many steps and out, or on and on until it is terminated. */
function work({ protocol, seed, count, progress }) {
  const rtm = rtm1.openRtm1({ library: 'embedded' });
  const walk = steps(rtm, protocol, random(seed));
  for (let step = 0; step < count; step += 1) {
    walk.next();
    Atomics.add(progress, 0, 1);
    Atomics.notify(progress, 0);
  }
  rtm.close();
  parentPort.postMessage(rtm.leftBehind());
}

/** A thread with a counter of the steps it has made. */
function start(protocol, seed, count) {
  const progress = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL(import.meta.url), { workerData: { protocol, seed, count, progress } });
  let posted = null;
  const ended = new Promise((resolve, reject) => {
    worker.on('message', (value) => (posted = value));
    worker.on('error', reject);
    worker.on('exit', () => resolve(posted));
  });
  return { worker, progress, ended };
}

/** Waits until a thread has made so many steps. */
async function hasMade({ progress }, count) {
  for (let made; (made = Atomics.load(progress, 0)) < count; ) await Atomics.waitAsync(progress, 0, made).value;
}

/** Threads that are terminated at some point of their work, one after another. */
async function doom(first, count, below) {
  for (let n = 0; n < count; n += 1) {
    const thread = start(first + n, first + n, Infinity);
    await hasMade(thread, 1 + below(700));
    await thread.worker.terminate();
  }
}

/** An entity of RTMv2 that knows nothing of version 1, with a route to each second network. */
function nativeEntity() {
  const rtm = openRtmv2('embedded');
  const memory = (size) => new DataView(new ArrayBuffer(size));
  const expect = (code, name) => {
    if (code !== 0) throw new Error(`${name} answers ${code}`);
  };
  const info = memory(sizeOf('RTM_ENTITY_INFO'));
  info.setUint16(offsetOf('RTM_ENTITY_INFO', 'AddressFamily'), constant('AF_INET'), true);
  info.setUint32(offsetOf('RTM_ENTITY_INFO', 'EntityId'), NATIVE, true);
  const handle = new BigUint64Array(1);
  expect(rtm.RtmRegisterEntity(info, null, null, false, memory(sizeOf('RTM_REGN_PROFILE')), handle), 'RtmRegisterEntity');
  const registration = Number(handle[0]);
  const flags = new Uint32Array(1);

  const hop = memory(sizeOf('RTM_NEXTHOP_INFO'));
  hop.setUint16(offsetOf('RTM_NEXTHOP_INFO', 'NextHopAddress'), constant('AF_INET'), true);
  hop.setUint16(offsetOf('RTM_NEXTHOP_INFO', 'NextHopAddress') + offsetOf('RTM_NET_ADDRESS', 'NumBits'), 32, true);
  const hopHandle = new BigUint64Array(1);
  expect(rtm.RtmAddNextHop(registration, hop, hopHandle, flags), 'RtmAddNextHop');

  const route = memory(sizeOfRouteInfo(1));
  const hops = offsetOf('RTM_ROUTE_INFO', 'NextHopsList');
  route.setUint32(offsetOf('RTM_ROUTE_INFO', 'BelongsToViews'), UCAST, true);
  route.setUint16(hops + offsetOf('RTM_NEXTHOP_LIST', 'NumNextHops'), 1, true);
  route.setBigUint64(hops + offsetOf('RTM_NEXTHOP_LIST', 'NextHops'), hopHandle[0], true);
  const network = memory(sizeOf('RTM_NET_ADDRESS'));
  network.setUint16(offsetOf('RTM_NET_ADDRESS', 'AddressFamily'), constant('AF_INET'), true);
  network.setUint16(offsetOf('RTM_NET_ADDRESS', 'NumBits'), 16, true);
  const bits = offsetOf('RTM_NET_ADDRESS', 'AddrBits');
  network.setUint8(bits, 10);

  return {
    /** Adds a route to a network, or updates it. */
    touch(n, preference) {
      network.setUint8(bits + 1, n);
      route.setUint32(offsetOf('RTM_ROUTE_INFO', 'PrefInfo'), preference, true);
      flags[0] = 0;
      expect(rtm.RtmAddRouteToDest(registration, null, network, route, constant('INFINITE'), 0, 0, 0, flags), 'RtmAddRouteToDest');
    },
    /** Locks the destinations of networks against changes by other threads; the result unlocks them. */
    lock(numbers) {
      const locked = numbers.map((n) => {
        network.setUint8(bits + 1, n);
        const destination = memory(sizeOfDestInfo(1));
        expect(rtm.RtmGetExactMatchDestination(registration, network, 0, UCAST, destination), 'RtmGetExactMatchDestination');
        const handle = Number(destination.getBigUint64(offsetOf('RTM_DEST_INFO', 'DestHandle'), true));
        expect(rtm.RtmLockDestination(registration, handle, true, true), 'RtmLockDestination');
        return handle;
      });
      return () => {
        for (const handle of locked) expect(rtm.RtmLockDestination(registration, handle, true, false), 'RtmLockDestination');
      };
    },
    /** How many routes RTMv2 says that it has. */
    countRoutes() {
      const enumeration = new BigUint64Array(1);
      const own = constant('RTM_ENUM_OWN_ROUTES');
      expect(rtm.RtmCreateRouteEnum(registration, 0, UCAST, own, null, 0, null, 0, enumeration), 'RtmCreateRouteEnum');
      const handles = new BigUint64Array(16);
      let total = 0;
      for (let code = 0; code !== NO_MORE_ITEMS; ) {
        const count = Uint32Array.of(handles.length);
        code = rtm.RtmGetEnumRoutes(registration, Number(enumeration[0]), count, handles);
        if (code !== NO_MORE_ITEMS) expect(code, 'RtmGetEnumRoutes');
        total += count[0];
        if (count[0] > 0) expect(rtm.RtmReleaseRoutes(registration, count[0], handles), 'RtmReleaseRoutes');
      }
      expect(rtm.RtmDeleteEnumHandle(registration, Number(enumeration[0])), 'RtmDeleteEnumHandle');
      return total;
    },
  };
}

/** What the table looks like to somebody who has had no part in it. */
function inspect(rtm) {
  const observer = rtm1.RtmClient.register({ family: 'ip', protocol: 400, rtm });
  const routes = [...observer.routes()];
  const networks = groupByNetwork(routes);
  const rank = ({ priority, metric }) => priority * 2 ** 32 + metric;
  const misjudged = [...networks].filter(([network, candidates]) => {
    const best = observer.bestRoute(network);
    return best === undefined || rank(best) !== Math.min(...candidates.map(rank));
  });
  const perProtocol = {};
  for (const { protocol } of routes) perProtocol[protocol] = (perProtocol[protocol] ?? 0) + 1;
  const counted = observer.networkCount();
  observer.dispose();
  return { networks: networks.size, counted, misjudged: misjudged.map(([network]) => network), perProtocol };
}

function groupByNetwork(routes) {
  const networks = new Map();
  for (const route of routes) networks.set(route.network, [...(networks.get(route.network) ?? []), route]);
  return networks;
}

async function storm(seed) {
  const below = random(seed);
  const rtm = rtm1.openRtm1({ library: 'embedded' });
  const bystander = rtm1.RtmClient.register({ family: 'ip', protocol: 8, notify: true, rtm });
  bystander.addRoute({ network: '172.16.0.0/12', interface: 1 });
  const native = nativeEntity();

  const steady = Array.from({ length: STEADY.count }, (_, n) => start(STEADY.first + n, seed + n, STEADY.steps));
  const lanes = Array.from({ length: DOOMED.atOnce }, (_, lane) => {
    const share = DOOMED.count / DOOMED.atOnce;
    return doom(DOOMED.first + lane * share, share, below);
  });
  let isOver = false;
  const threads = Promise.all([...lanes, ...steady.map(({ ended }) => ended)]).finally(() => (isOver = true));
  for (let n = 0; !isOver; n += 2) {
    native.touch(n % NETWORKS, below(5));
    bystander.addRoute({ network: networkOf(n), interface: 1, metric: below(5) });
    bystander.deleteRoute({ network: networkOf(n), interface: 1 });
    await setImmediate();
  }
  const results = await threads;

  const { library } = rtm;
  const statistics = rtm1.openV2Library(library.path).statistics;
  const idOf = (protocolId) => ({ instance: 0, family: constant('AF_INET'), protocolId, protocolInstance: V1_CLIENT_INSTANCE });
  const dead = Array.from({ length: DOOMED.count }, (_, n) => DOOMED.first + n);
  const { perProtocol, ...table } = inspect(rtm);
  const lost = dead.map((protocol) => ({ protocol, listed: perProtocol[protocol] ?? 0, ...statistics(idOf(protocol)) }));
  const successor = rtm1.RtmClient.register({ family: 'ip', protocol: STEADY.first, rtm });
  const successorAdds = successor.addRoute({ network: '172.16.0.0/16', interface: 2 }).change;
  successor.dispose();
  const report = {
    steady: results.slice(-STEADY.count),
    ...table,
    native: { listed: perProtocol[NATIVE] ?? 0, counted: native.countRoutes() },
    lost,
    refused: lost.map(({ protocol }) => rtm.RtmRegisterClient(1, protocol, null, 0) === 0 && rtm.GetLastError()),
    bystander: bystander.bestRoute('172.16.0.0/12')?.protocol,
    successorAdds,
    steadyListed: perProtocol[STEADY.first] ?? 0,
  };
  bystander.dispose();
  rtm.close();
  process.stdout.write(JSON.stringify({ ...report, leftBehind: rtm.leftBehind() }));
}

/** Threads that want to change a destination which is locked, and so wait inside RTM. */
async function waiting(seed) {
  const rtm = rtm1.openRtm1({ library: 'embedded' });
  const native = nativeEntity();
  for (let n = 0; n < NETWORKS; n += 1) native.touch(n, 1);
  const unlock = native.lock(Array.from({ length: NETWORKS }, (_, n) => n));
  const threads = Array.from({ length: 4 }, (_, n) => start(STEADY.first + n, seed + n, Infinity));
  // The first step registers; of the later ones, those that change a network wait.
  await Promise.all(threads.map((thread) => hasMade(thread, 1)));
  const ends = threads.map(({ worker }) => worker.terminate());
  unlock();
  const terminated = await Promise.all(ends);
  const client = rtm1.RtmClient.register({ family: 'ip', protocol: 8, rtm });
  const added = client.addRoute({ network: '172.16.0.0/12', interface: 1 }).change;
  client.addRoute({ network: networkOf(0), interface: 1 });
  rtm.close();
  process.stdout.write(JSON.stringify({ terminated, added }));
}

async function exit(seed) {
  const threads = Array.from({ length: 6 }, (_, n) => start(STEADY.first + n, seed + n, Infinity));
  await Promise.all(threads.map((thread) => hasMade(thread, 200)));
  process.stdout.write(`${threads.length} threads at work`, () => process.exit());
}

if (isMainThread) await { storm, waiting, exit }[process.argv[2]](Number(process.argv[3]));
else work(workerData);
