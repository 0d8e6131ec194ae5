/**
 * What is wrong with arguments that v1 functions refuse, in words. This is asked for only once an argument has been
 * refused: each function here takes for granted that its argument was, and only says why.
 */
import { types } from 'node:util';
import { constant } from '../win32/constants.js';
import { nativeEvents } from '../win32/native-event.js';
import { prefixLength, swapOctets } from '../translate/ip-network.js';
import { NETWORK, type RouteFormat } from '../translate/route-format.js';
import { parameterMaximum } from '../translate/rules.js';
import { isDword, isNull } from './arguments.js';
import { dottedNetwork, hexadecimal } from './dword-text.js';
import type { ArgumentRule, ArgumentParameter, Refusal } from './failure.js';
import { formatIpv4 } from './ipv4.js';
import { shownValue } from './shown.js';
import { classNameOf, structureOf } from './structure.js';

const MAX_TIME_TO_LIVE = parameterMaximum('RtmAddRoute', 'TimeToLive');
const ALL_ONES = 0xffffffff;

type Names = readonly (readonly [name: string, member: string])[];

/** The flags that refer to a member of CriteriaRoute, and which member that is. */
const CRITERIA: Names = [
  ['RTM_ONLY_THIS_NETWORK', 'RR_Network'],
  ['RTM_ONLY_THIS_INTERFACE', 'RR_InterfaceID'],
  ['RTM_ONLY_THIS_PROTOCOL', 'RR_RoutingProtocol'],
];

const ENUMERATION_FLAGS = [...CRITERIA.map(([name]) => name), 'RTM_ONLY_BEST_ROUTES'];
const REGISTRATION_FLAGS = ['RTM_PROTOCOL_SINGLE_ROUTE'];

const withNumber = (name: string): string => `${name} (${constant(name)})`;

function argument(parameter: ArgumentParameter, rule: ArgumentRule, value: unknown, message: string): Refusal {
  return { kind: 'argument', parameter, member: null, rule, value: shownValue(value), message };
}

function mustBe(parameter: ArgumentParameter, rule: ArgumentRule, value: unknown, wanted: string, advice = ''): Refusal {
  return argument(parameter, rule, value, `${parameter} must be ${wanted}; it is ${shownValue(value)}${advice}`);
}

/** The rule that a value breaks which is not even a number; `rule` for a number. */
function ruleForNumber(value: unknown, rule: ArgumentRule): ArgumentRule {
  if (isNull(value)) return 'null';
  return typeof value === 'number' ? rule : 'type';
}

/** ProtocolFamily that is none. */
export function badFamily(value: unknown): Refusal {
  const wanted = ['RTM_PROTOCOL_FAMILY_IP', 'RTM_PROTOCOL_FAMILY_IPX'].map(withNumber).join(' or ');
  return mustBe('ProtocolFamily', ruleForNumber(value, 'family'), value, wanted);
}

/** An argument that is no DWORD. */
export function badDword(parameter: ArgumentParameter, value: unknown): Refusal {
  const isSigned = typeof value === 'number' && value < 0 && (value | 0) === value;
  const advice = isSigned ? `, which as a DWORD is ${value >>> 0}: append \`>>> 0\`` : '';
  const wanted = `an integer from 0 to ${ALL_ONES}`;
  return mustBe(parameter, ruleForNumber(value, 'range'), value, wanted, advice);
}

/** `dwDestAddr` that is no DWORD. */
export function badAddress(value: unknown): Refusal {
  if (typeof value !== 'string') return badDword('dwDestAddr', value);
  return mustBe('dwDestAddr', 'type', value, 'a number', ": ipv4('192.0.2.1') makes one of an address");
}

/** TimeToLive that is neither INFINITE nor a number of seconds that RTM takes. */
export function badTimeToLive(value: unknown): Refusal {
  const isLong = typeof value === 'number' && value > MAX_TIME_TO_LIVE;
  const advice = isLong ? `. INFINITE keeps a route until it is deleted` : '';
  const wanted = `whole seconds from 0 to ${MAX_TIME_TO_LIVE}, or ${withNumber('INFINITE')}`;
  return mustBe('TimeToLive', ruleForNumber(value, 'range'), value, wanted, advice);
}

function badFlags(parameter: ArgumentParameter, value: unknown, names: readonly string[]): Refusal {
  if (!isDword(value)) return badDword(parameter, value);
  const known = names.reduce((bits, name) => bits | constant(name), 0);
  const unknown = hexadecimal((value & ~known) >>> 0);
  const wanted = `0 or an OR of ${names.map(withNumber).join(', ')}`;
  return mustBe(parameter, 'bits', value, wanted, `, and ${unknown} of that has no meaning`);
}

/** EnumerationFlags with other bits than RTM_ONLY_*. */
export function badEnumerationFlags(value: unknown): Refusal {
  return badFlags('EnumerationFlags', value, ENUMERATION_FLAGS);
}

/** Flags of RtmRegisterClient with other bits than RTM_PROTOCOL_SINGLE_ROUTE. */
export function badRegistrationFlags(value: unknown): Refusal {
  return badFlags('Flags', value, REGISTRATION_FLAGS);
}

/** ChangeEvent that is no event. */
export function badEvent(value: unknown): Refusal {
  if (nativeEvents() !== null) {
    const wanted = 'null, an EventObject or the HANDLE of an event';
    return mustBe('ChangeEvent', ruleForNumber(value, 'range'), value, wanted);
  }
  const advice = typeof value === 'number' ? ', and only on Windows a number can be the HANDLE of an event' : '';
  return mustBe('ChangeEvent', 'type', value, 'null or an EventObject', advice);
}

/** An output parameter that cannot take a DWORD. */
export function badCell(parameter: ArgumentParameter, value: unknown): Refusal {
  const isShort = types.isUint32Array(value);
  const rule = isNull(value) ? 'null' : isShort ? 'size' : 'type';
  return mustBe(parameter, rule, value, 'a Uint32Array with an element to write to');
}

/** The rule that a value breaks which is no memory for a structure. */
function ruleForBuffer(value: unknown, structures: readonly string[], others: RegExp): ArgumentRule {
  if (isNull(value)) return 'null';
  if (types.isUint8Array(value)) return 'size';
  const name = typeof value === 'object' ? structureOf(value) : undefined;
  if (name === undefined) return 'type';
  if (structures.some((structure) => classNameOf(structure) === name)) return 'size';
  return others.test(name) ? 'family' : 'type';
}

const bufferFor = (structure: string, size: number): string =>
  `an ${classNameOf(structure)} or a Uint8Array of at least ${size} bytes`;

function badBuffer(parameter: ArgumentParameter, value: unknown, format: RouteFormat, orNull: boolean): Refusal {
  const { structure, size } = format;
  const rule = ruleForBuffer(value, [structure], /^RtmIpx?Route$/);
  const advice = rule === 'size' && !types.isUint8Array(value) ? ' whose memory has gone' : '';
  return mustBe(parameter, rule, value, `${orNull ? 'null, ' : ''}${bufferFor(structure, size)}`, advice);
}

/** An argument that is no route of the family. */
export function badRoute(parameter: ArgumentParameter, value: unknown, format: RouteFormat): Refusal {
  return badBuffer(parameter, value, format, false);
}

/** An argument that is neither NULL nor a route of the family. */
export function badOptionalRoute(parameter: ArgumentParameter, value: unknown, format: RouteFormat): Refusal {
  return badBuffer(parameter, value, format, true);
}

/** Route of RtmGetRouteAge that is a route of no family. */
export function badRouteOfAnyFamily(value: unknown, formats: readonly RouteFormat[]): Refusal {
  const structures = formats.map(({ structure }) => structure);
  const smallest = Math.min(...formats.map(({ size }) => size));
  const wanted = `an ${structures.map(classNameOf).join(', an ')} or a Uint8Array of at least ${smallest} bytes`;
  return mustBe('Route', ruleForBuffer(value, structures, /^$/), value, wanted);
}

/** Network that is no network of the family. */
export function badNetworkBuffer(value: unknown, { networkStructure, networkSize }: RouteFormat): Refusal {
  const rule = ruleForBuffer(value, [networkStructure], /^Ipx?Network$/);
  const isRoute = typeof value === 'object' && value !== null && structureOf(value)?.endsWith('Route') === true;
  const advice = isRoute ? ': its RR_Network is one' : '';
  return mustBe('Network', rule, value, bufferFor(networkStructure, networkSize), advice);
}

/** CriteriaRoute that is no route of the family, or NULL although flags refer to it. */
export function badCriteria(value: unknown, flags: number, format: RouteFormat): Refusal {
  if (!isNull(value)) return badOptionalRoute('CriteriaRoute', value, format);
  const referring = CRITERIA.filter(([name]) => (flags & constant(name)) !== 0);
  const names = referring.map(([name]) => name).join(' and ');
  const members = referring.map(([, member]) => member).join(' and ');
  const verb = referring.length === 1 ? 'refers' : 'refer';
  const message = `CriteriaRoute is ${shownValue(value)}, but ${names} in EnumerationFlags ${verb} to its ${members}`;
  return argument('CriteriaRoute', 'null', value, message);
}

/** RR_Network of a route of the IP family that no table can hold. */
export function badNetwork(route: Uint32Array): Refusal {
  const [number = 0, mask = 0] = route.subarray(NETWORK);
  const value = dottedNetwork(number, mask);
  const isMaskGood = prefixLength(0, mask) >= 0;
  const [member, rule, wrong] = isMaskGood
    ? (['RR_Network', 'hostBits', hostBits(number, mask)] as const)
    : (['RR_Network.N_NetMask', 'mask', scattered(mask)] as const);
  return { kind: 'argument', parameter: 'Route', member, rule, value, message: `RR_Network ${value} ${wrong}` };
}

function hostBits(number: number, mask: number): string {
  const single = `${dottedNetwork(number, ALL_ONES)} for the single address`;
  if (mask === 0) return `has bits outside its mask, which is that of the default route: write its own, or ${single}`;
  return `has bits outside its mask: write ${dottedNetwork((number & mask) >>> 0, mask)} for the network, or ${single}`;
}

function scattered(mask: number): string {
  const swapped = swapOctets(mask);
  const isSwapped = prefixLength(0, swapped) >= 0;
  const reversed = `${formatIpv4(swapped)} is ${hexadecimal(swapped)}, as ipv4Mask makes it`;
  const advice = isSwapped
    ? `its octets are in the reverse order: ${reversed}`
    : 'its one bits have to come first, as in 255.255.255.0';
  return `has a mask that is not contiguous: ${advice}`;
}

/**
 * RR_TimeStamp that no age can be told of.
 *
 * @param isAhead whether it lies ahead of the clock; if not, it is 0, or too far in the past
 */
export function badTimeStamp(low: number, high: number, isAhead: boolean): Refusal {
  const value = `${hexadecimal(high)}${hexadecimal(low).slice(2)}`;
  const isZero = low === 0 && high === 0;
  const past = isZero ? 'is 0: no manager has written it' : 'lies more than 136 years in the past';
  const message = `RR_TimeStamp ${value} ${isAhead ? 'lies ahead of the clock' : past}`;
  return { kind: 'argument', parameter: 'Route', member: 'RR_TimeStamp', rule: 'time', value, message };
}
