// The shim's side of the comparison: prints what bench/baseline.c prints, measured through the v1 functions.
//     node bench/shim.mjs OWN [FOREIGN]
import { readFileSync } from 'node:fs';
import { RtmIpRoute, openRtm1 } from '../dist/index.js';

const PROTO_IP_RIP = 8;
const PROTO_IP_OSPF = 13;

/** Network numbers and masks as RTM_IP_ROUTE holds them, octets in memory order. */
function readTable(name) {
  const words = [];
  for (const line of readFileSync(name, 'latin1').split('\n')) {
    const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(line);
    if (match === null) continue;
    const [a, b, c, d, bits] = match.slice(1).map(Number);
    const mask = bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0;
    words.push((a | (b << 8) | (c << 16) | (d << 24)) >>> 0);
    words.push(new DataView(Uint32Array.of(mask).buffer).getUint32(0, false));
  }
  return Uint32Array.from(words);
}

function addAll(rtm, client, table) {
  const route = new RtmIpRoute();
  route.RR_NextHopAddress.N_NetNumber = 0x010200c0;
  route.RR_InterfaceID = 1;
  const flags = new Uint32Array(1);
  const network = new Uint32Array(route.bytes.buffer, route.bytes.byteOffset + 32, 2);
  for (let i = 0; i < table.length; i += 2) {
    network[0] = table[i];
    network[1] = table[i + 1];
    const status = rtm.RtmAddRoute(client, route, 0xffffffff, flags, null, null);
    if (status !== 0) throw new Error(`RtmAddRoute: ${status}`);
  }
}

const [ownName, foreignName] = process.argv.slice(2);
const rtm = openRtm1({ library: 'embedded' });
const own = readTable(ownName);
if (foreignName !== undefined) addAll(rtm, rtm.RtmRegisterClient(1, PROTO_IP_OSPF, null, 0), readTable(foreignName));

const client = rtm.RtmRegisterClient(1, PROTO_IP_RIP, null, 0);
const routes = own.length / 2;
const t0 = process.hrtime.bigint();
addAll(rtm, client, own);
const t1 = process.hrtime.bigint();
const status = rtm.RtmDeregisterClient(client);
const t2 = process.hrtime.bigint();
if (status !== 0) throw new Error(`RtmDeregisterClient: ${status}`);
const each = (from, until) => Number((Number(until - from) / routes).toFixed(1));
console.log(JSON.stringify({ routes, add: each(t0, t1), deregister: each(t1, t2) }));
