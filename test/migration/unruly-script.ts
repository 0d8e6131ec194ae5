/** Scripts for driver.c and for ScriptRunner in which clients, entities and enumerations come and go at random. */
import { PROTO_IP_OSPF, PROTO_IP_RIP, RTM_PROTOCOL_SINGLE_ROUTE } from '../../src/v1/constants.js';
import { ipv4, ipv4Mask } from '../../src/v1/ipv4.js';
import { RtmIpRoute } from '../../src/v1/ip-route.js';
import { Random } from '../support/random.js';
import { routeText } from './script.js';

const STEPS = 250;
const TEN = ['10.0.0.0/8', '10.0.0.0/16', '10.128.0.0/9'];
const NETWORKS = ['0.0.0.0/0', ...TEN, '224.0.0.0/4', '127.0.0.0/8', '172.16.5.4/32'];
const HOPS = ['192.0.2.1', '10.0.0.2', '0.0.0.0'];
const ADDRESSES = ['10.0.0.1', '10.200.0.1', '224.1.1.1', '0.0.0.0', '255.255.255.255'];
/** Of the clients, by number. */
const PROTOCOLS = [PROTO_IP_RIP, PROTO_IP_OSPF, 99, 0];
/** The first has that of a client, and the second may. */
const NATIVE_PROTOCOLS = [[99], [PROTO_IP_RIP, 0x50]] as const;
/** Beside those of routes that stay: an hour, the longest time to live that there is, and one second more. */
const TIMES = ['ffffffff', 'ffffffff', 'e10', '20c49b', '20c49c'];
const ALL_OUTPUTS = 7;
/** More than any client ever has. */
const MESSAGES = 30;
const NOBODY = 7;
const CLIENTS = PROTOCOLS.map((_, client) => client);
const EVENTS = 3;
const ENUMERATIONS = 3;
const NATIVES = [0, 1];

const hex = (value: number): string => (value >>> 0).toString(16);

class UnrulyScript {
  readonly lines: string[] = [];
  readonly #random: Random;
  readonly #networks: readonly string[];
  readonly #live = new Set<number>();
  readonly #natives = new Set<number>();
  /** By which client each is open. */
  readonly #enumerations = new Map<number, number>();
  #who = 0;
  #isHeld = false;

  /** Each with how often it comes. */
  readonly #calls: readonly (readonly [number, () => void])[] = [
    [6, () => { this.#tell(`add ${this.#client()} ${this.#random.of(TIMES)} ${this.#route()} ${this.#outputs()}`); }],
    [4, () => { this.#tell(`delete ${this.#client()} ${this.#route()} ${this.#outputs()}`); }],
    [5, () => { this.#tell(`message ${this.#client()} ${this.#outputs()}`); }],
    [1, () => { this.#tell(`block ${this.#client()} ${this.#flags()} ${this.#route()}`); }],
    [1, () => { this.#start(); }],
    [1, () => { this.#stop(); }],
    [1, () => { this.#tell(`${this.#random.of(['set', 'reset'])} ${1 + this.#random.below(EVENTS)}`); }],
    [2, () => { this.#nativeComesOrLeaves(); }],
    [4, () => { this.#nativeChanges(); }],
    [1, () => { this.#hold(!this.#isHeld); }],
    [1, () => { this.#ask(); }],
    [1, () => { this.#openOrClose(); }],
    [1, () => { this.#tell(`read ${this.#random.below(ENUMERATIONS)}`, `read ${this.#random.below(ENUMERATIONS)}`); }],
  ];

  constructor(seed: number) {
    this.#random = new Random(seed);
    this.#networks = NETWORKS.slice(0, 2 + this.#random.below(NETWORKS.length - 1));
    this.#start();
    this.#start();
    const calls = this.#calls.flatMap(([times, call]) => Array.from({ length: times }, () => call));
    for (let step = 0; step < STEPS; step += 1) this.#random.of(calls)();
    this.#end();
  }

  #tell(...lines: readonly string[]): void {
    this.lines.push(...lines);
  }

  /** Nearly always one that there is. */
  #client(): number {
    const live = [...this.#live];
    const isLive = live.length > 0 && !this.#random.happens(1, 20);
    return this.#random.of(isLive ? live : [...CLIENTS, NOBODY]);
  }

  #outputs(): number {
    return this.#random.happens(1, 2) ? ALL_OUTPUTS : this.#random.below(ALL_OUTPUTS);
  }

  #flags(): string {
    return hex(this.#random.of([0x80000000, ...Array.from({ length: 17 }, (_, flags) => flags)]));
  }

  #network(): string {
    const [address = '', length = ''] = this.#random.of(this.#networks).split('/');
    return `${hex(ipv4(address))} ${hex(ipv4Mask(Number(length)))}`;
  }

  /** Values that differ by what is significant, by what is not, and by nothing; the least and the largest. */
  #route(): string {
    const random = this.#random;
    if (random.happens(1, 40)) return 'null';
    const result = new RtmIpRoute();
    const [address = '', length = ''] = random.of(this.#networks).split('/');
    result.RR_RoutingProtocol = random.of([...PROTOCOLS, 0xffffffff]);
    result.RR_InterfaceID = random.of([0, 1, 2, 0xffffffff]);
    result.RR_ProtocolSpecificData.PSD_Data.set([random.below(2), 2, 3, 4]);
    result.RR_Network.N_NetNumber = ipv4(address);
    result.RR_Network.N_NetMask = ipv4Mask(Number(length));
    result.RR_NextHopAddress.N_NetNumber = ipv4(random.of(HOPS));
    result.RR_NextHopAddress.N_NetMask = ipv4Mask(random.of([0, 24]));
    const data = result.RR_FamilySpecificData;
    data.FSD_Type = random.below(6);
    data.FSD_Policy = random.below(2);
    data.FSD_Priority = random.of([0, 1, 1, 2, 0xffffffff]);
    data.FSD_Metric = random.of([0, 1, 1, 0xffffffff]);
    data.FSD_Metric3 = random.below(2);
    data.FSD_Flags = random.of([0, 1, 0x101]);
    return routeText(result);
  }

  /** Starts a client that there is not, or tries to start one that cannot be. */
  #start(): void {
    const random = this.#random;
    const client = CLIENTS.find((number) => !this.#live.has(number));
    if (client === undefined) {
      this.#tell(`start ${NOBODY} ${hex(PROTO_IP_RIP)} ${random.below(3)} ${random.below(1 + EVENTS)}`);
      return;
    }
    const flags = random.happens(1, 4) ? RTM_PROTOCOL_SINGLE_ROUTE : 0;
    this.#tell(`start ${client} ${hex(PROTOCOLS[client] ?? 0)} ${flags} ${random.of([0, 1, 1, 2, 3])}`);
    this.#live.add(client);
  }

  /** Those of other clients go on; that its own end with it is a difference to version 1. */
  #stop(): void {
    const client = this.#client();
    for (const [enumeration, owner] of this.#enumerations) if (owner === client) this.#close(enumeration);
    this.#tell(`stop ${client}`);
    this.#live.delete(client);
  }

  #close(enumeration: number): void {
    this.#tell(`close ${enumeration}`);
    this.#enumerations.delete(enumeration);
  }

  #openOrClose(): void {
    const enumeration = this.#random.below(ENUMERATIONS);
    const [client] = this.#live;
    if (this.#enumerations.has(enumeration)) {
      if (this.#random.happens(1, 4)) this.#close(enumeration);
    } else if (client !== undefined) {
      this.#tell(`open ${client} ${enumeration} ${hex(this.#random.of([0, 0, 1, 2, 4, 8, 9]))} ${this.#route()}`);
      this.#enumerations.set(enumeration, client);
    }
  }

  #nativeComesOrLeaves(): void {
    const who = this.#random.of(NATIVES);
    this.#who = who;
    this.#tell(`who ${who}`);
    if (!this.#natives.has(who)) {
      this.#tell(`native ${hex(this.#random.of<number>(NATIVE_PROTOCOLS[who] ?? [0]))}`);
      this.#natives.add(who);
    } else if (this.#random.happens(1, 6)) {
      this.#tell('nleave');
      this.#natives.delete(who);
    }
  }

  #nativeChanges(): void {
    const random = this.#random;
    if (!this.#natives.has(this.#who)) return;
    if (random.happens(1, 4)) {
      this.#tell(`ndelete ${this.#network()}`);
      return;
    }
    const [preference, metric] = [random.of(['0', '1', '2', 'ffffffff']), random.below(2)];
    const [flags, flags1] = [random.of(['0', '10', '20', '30']), random.of(['0', '1', 'ff'])];
    const [views, nowhere] = [random.of([1, 1, 1, 2, 3]), Number(random.happens(1, 4))];
    this.#tell(`nadd ${preference} ${metric} ${flags} ${flags1} ${this.#network()} ${views} ${nowhere}`);
  }

  #hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    this.#tell(isHeld ? 'hold' : 'release');
  }

  /** Reading needs a client. */
  #ask(): void {
    if (this.#live.size === 0) return;
    const reader = this.#random.of([...this.#live]);
    const walk = this.#random.of(['list', 'first', 'next']);
    const questions = [
      `${walk} ${reader} ${this.#flags()} ${this.#route()}`,
      `look ${reader} ${hex(ipv4(this.#random.of(ADDRESSES)))}`,
      `is ${reader} ${this.#network()}`,
      `count ${reader}`,
      'table',
    ];
    this.#tell(this.#random.of(questions));
  }

  #drain(): void {
    for (const client of this.#live) {
      this.#tell(...Array.from({ length: MESSAGES }, () => `message ${client} ${ALL_OUTPUTS}`));
    }
  }

  #end(): void {
    if (this.#isHeld) this.#hold(false);
    for (const enumeration of [...this.#enumerations.keys()]) this.#close(enumeration);
    this.#drain();
    for (const who of this.#natives) this.#tell(`who ${who}`, 'nleave');
    this.#drain();
    for (const client of [...this.#live]) {
      this.#tell('table', `stop ${client}`);
      this.#live.delete(client);
      this.#drain();
    }
    this.#tell('who 0');
  }
}

/**
 * Calls at random on up to four clients, which share events or have none, beside two entities that call RTMv2
 * themselves, one by the protocol of a client.
 */
export const unrulyScript = (seed: number): readonly string[] => new UnrulyScript(seed).lines;
