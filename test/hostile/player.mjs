/**
 * Uses one library after another, as a client of version 1 and by the command line, and prints what was seen. A program
 * of its own: a library that takes the process down, or never lets go of it, must be seen as such; who reads the lines
 * knows from the last one where it happened.
 *
 *     node player.mjs ROUTES ALLOWANCE <<<'[{ "name": ..., "path": ..., "phases": ["v1", "check", "doctor"] }, ...]'
 *
 * @param ROUTES a file of route text for `rtm1 check`
 * @param ALLOWANCE how many calls of RTMv2 one phase may make
 */
import { Buffer } from 'node:buffer';
import { readFileSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import { mock } from 'node:test';
import koffi from 'koffi';
import * as rtm1 from '../../dist/index.js';

const [routes, allowance] = process.argv.slice(2);
const MOST_ITEMS = 1000;
const PROTOCOLS = [8, 13];
const IPX_PROTOCOL = 1;

/** What the clock of the client says; nothing ages but by moving it. */
const BEGINNING = Date.UTC(2026, 0, 1);
let now = BEGINNING;

/** What those that tell failures by GetLastError return then; after other results it says nothing about them. */
const FAILURES = new Map([
  ['RtmRegisterClient', 0],
  ['RtmIsRoute', false],
  ['RtmGetNetworkCount', 0],
  ['RtmGetRouteAge', rtm1.INFINITE],
  ['RtmCreateEnumerationHandle', 0],
  ['RtmLookupIPDestination', false],
]);
/** Those whose result is a handle: any number but 0. */
const GIVING_HANDLES = new Set(['RtmRegisterClient', 'RtmCreateEnumerationHandle']);

/** Prints a line at once, also where the pipe is full: what comes next may end the process. */
function print(line) {
  let rest = Buffer.from(`${JSON.stringify(line)}\n`);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}

/** Lets the library be called so often from now on, if it is one that counts. */
function allow(path) {
  if (!basename(path).startsWith('hostile+')) return;
  try {
    koffi.load(path).func('void HostileAllow(uint32_t)')(Number(allowance));
  } catch {
    // Not every system loads it.
  }
}

/* The client: everything that version 1 offers, on a few routes. */

function ipRoute({ network, mask = '255.0.0.0', nextHop = '192.0.2.1', interfaceId = 1, metric = 1, priority = 10 }) {
  const route = new rtm1.RtmIpRoute();
  route.RR_Network.N_NetNumber = rtm1.ipv4(network);
  route.RR_Network.N_NetMask = rtm1.ipv4(mask);
  route.RR_NextHopAddress.N_NetNumber = rtm1.ipv4(nextHop);
  route.RR_InterfaceID = interfaceId;
  route.RR_FamilySpecificData.FSD_Metric = metric;
  route.RR_FamilySpecificData.FSD_Priority = priority;
  return route;
}

function ipxRoute(network) {
  const route = new rtm1.RtmIpxRoute();
  route.RR_Network.N_NetNumber = network;
  route.RR_InterfaceID = 1;
  return route;
}

function bytesOf(parameter) {
  const bytes = parameter instanceof Uint32Array ? parameter : parameter?.bytes;
  return bytes === undefined ? [] : [Buffer.from(bytes.slice().buffer).toString('hex')];
}

/** The functions of one object, each with its last error and everything that it writes noted down. */
class Client {
  transcript = [];
  complaints = [];

  constructor(rtm) {
    this.rtm = rtm;
  }

  call(name, ...parameters) {
    let result;
    try {
      result = this.rtm[name](...parameters);
    } catch (error) {
      this.complaints.push({ kind: 'throws', function: name, what: String(error) });
      return undefined;
    }
    this.transcript.push({
      function: name,
      result: GIVING_HANDLES.has(name) ? result !== 0 : result,
      ...(result === FAILURES.get(name) ? { lastError: this.rtm.GetLastError() } : {}),
      written: parameters.flatMap((parameter) => bytesOf(parameter)),
    });
    return result;
  }

  /** Calls until the result is none of those that have another item behind them; too many items are a complaint. */
  repeat(goesOn, name, ...parameters) {
    for (let items = 0; items < MOST_ITEMS; items += 1) {
      if (!goesOn.includes(this.call(name, ...parameters))) return;
    }
    const what = `gave ${MOST_ITEMS} items of a table of a few routes`;
    this.complaints.push({ kind: 'endless', function: name, what });
    this.transcript.length = 0;
  }
}

function register(client, family, protocol) {
  const event = new rtm1.EventObject();
  return client.call('RtmRegisterClient', family, protocol, event, 0) ?? 0;
}

function addRoutes(client, handle, routesToAdd) {
  const flags = new Uint32Array(1);
  for (const route of routesToAdd) {
    const [current, previous] = [new route.constructor(), new route.constructor()];
    client.call('RtmAddRoute', handle, route, rtm1.INFINITE, flags, current, previous);
  }
}

function readAll(client, family, example) {
  client.call('RtmGetNetworkCount', family);
  client.call('RtmIsRoute', family, example.RR_Network, new example.constructor());
  const enumeration = client.call('RtmCreateEnumerationHandle', family, 0, null) ?? 0;
  client.repeat([rtm1.NO_ERROR], 'RtmEnumerateGetNextRoute', enumeration, new example.constructor());
  client.call('RtmCloseEnumerationHandle', enumeration);
  const best = client.call('RtmCreateEnumerationHandle', family, rtm1.RTM_ONLY_BEST_ROUTES, null) ?? 0;
  client.repeat([rtm1.NO_ERROR], 'RtmEnumerateGetNextRoute', best, new example.constructor());
  client.call('RtmCloseEnumerationHandle', best);
  const route = new example.constructor();
  client.call('RtmGetFirstRoute', family, 0, route);
  client.call('RtmGetRouteAge', route);
  client.repeat([rtm1.NO_ERROR], 'RtmGetNextRoute', family, 0, route);
}

function dequeueAll(client, handle, example) {
  const [current, previous] = [new example.constructor(), new example.constructor()];
  const flags = new Uint32Array(1);
  client.repeat([rtm1.ERROR_MORE_MESSAGES], 'RtmDequeueRouteChangeMessage', handle, flags, current, previous);
}

/** A life of two clients of the IP family: they compete, read, hear of changes, let routes age, and go. */
function liveOnIp(client) {
  const family = rtm1.RTM_PROTOCOL_FAMILY_IP;
  const [rip, ospf] = PROTOCOLS.map((protocol) => register(client, family, protocol));
  const networks = ['10.0.0.0', '11.0.0.0', '12.0.0.0'];
  const own = networks.map((network, index) => ipRoute({ network, nextHop: `192.0.2.${index + 1}` }));
  const rival = ipRoute({ network: '10.0.0.0', nextHop: '198.51.100.1', priority: 5 });
  addRoutes(client, rip, [...own, ipRoute({ network: '10.0.0.0', metric: 7 })]);
  addRoutes(client, ospf, [rival, ipRoute({ network: '14.0.0.0' })]);
  readAll(client, family, own[0]);
  for (const address of ['10.1.2.3', '99.0.0.1']) {
    client.call('RtmLookupIPDestination', rtm1.ipv4(address), new rtm1.RtmIpRoute());
  }
  for (const handle of [rip, ospf]) dequeueAll(client, handle, own[0]);
  const flags = new Uint32Array(1);
  client.call('RtmDeleteRoute', ospf, rival, flags, new rtm1.RtmIpRoute());
  client.call('RtmDeleteRoute', ospf, ipRoute({ network: '77.0.0.0' }), flags, null);
  client.call('RtmAddRoute', rip, ipRoute({ network: '15.0.0.0' }), 5, flags, null, null);
  client.call('RtmBlockDeleteRoutes', rip, rtm1.RTM_ONLY_THIS_NETWORK, own[2]);
  now += 6000;
  mock.timers.tick(6000);
  for (const handle of [rip, ospf]) dequeueAll(client, handle, own[0]);
  client.call('RtmGetNetworkCount', family);
  return [rip, ospf];
}

function liveOnIpx(client) {
  const family = rtm1.RTM_PROTOCOL_FAMILY_IPX;
  const handle = register(client, family, IPX_PROTOCOL);
  const own = [1, 2].map(ipxRoute);
  addRoutes(client, handle, own);
  readAll(client, family, own[0]);
  dequeueAll(client, handle, own[0]);
  return [handle];
}

/** Ends the clients. A failure leaves the handle good for another attempt; then all goes with the object. */
function leave(client, handles) {
  for (const handle of handles) {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      if (client.call('RtmDeregisterClient', handle) !== rtm1.ERROR_NO_SYSTEM_RESOURCES) break;
    }
  }
  mock.timers.tick(6000);
  for (const name of ['leftBehind', 'close']) {
    try {
      client.rtm[name]();
    } catch (error) {
      client.complaints.push({ kind: 'throws', function: name, what: String(error) });
    }
  }
}

function playV1(path) {
  let rtm;
  now = BEGINNING;
  try {
    rtm = rtm1.openRtm1({ library: path, clock: () => now });
  } catch (error) {
    const isRefusal = error.name === 'LibraryError';
    const complaints = isRefusal ? [] : [{ kind: 'throws', function: 'openRtm1', what: String(error) }];
    return { opened: false, refusal: error.message, complaints, transcript: [] };
  }
  const client = new Client(rtm);
  try {
    leave(client, [...liveOnIp(client), ...liveOnIpx(client)]);
  } catch (error) {
    // The functions are called one by one above; what comes here was thrown by a timer.
    client.complaints.push({ kind: 'throws', function: 'a timer', what: error.stack });
  }
  return { opened: true, complaints: client.complaints, transcript: client.transcript };
}

/* The command line: the program's own main module, loaded anew for each run. */

let runs = 0;

async function runProgram(...argv) {
  const written = { stdout: '', stderr: '' };
  const originals = {};
  for (const stream of ['stdout', 'stderr']) {
    originals[stream] = process[stream].write;
    process[stream].setMaxListeners(0);
    process[stream].write = (text) => {
      written[stream] += text;
      return true;
    };
  }
  process.argv = [process.argv[0], 'rtm1', ...argv];
  process.exitCode = undefined;
  try {
    await import(`../../dist/cli/main.js?run=${(runs += 1)}`);
    return { status: process.exitCode, ...written };
  } finally {
    process.exitCode = undefined;
    for (const stream of ['stdout', 'stderr']) process[stream].write = originals[stream];
  }
}

const phases = {
  v1: playV1,
  check: (path) => runProgram('check', '--library', path, '--routes', routes),
  doctor: (path) => runProgram('doctor', '--library', path),
};

mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
for (const { name, path, phases: wanted } of JSON.parse(readFileSync(0, 'utf8'))) {
  for (const phase of wanted) {
    print({ name, phase, begins: true });
    allow(path);
    print({ name, phase, ...(await phases[phase](path)) });
  }
}
