/** Prints a table as the tools of the systems do, for tests that read it back. */
import { formatIpv4 } from '../../src/v1/ipv4.js';
import { maskOfLength } from '../../src/translate/ip-network.js';
import type { FormatName } from '../../src/cli/routes/formats.js';

export interface PrintedRoute {
  /** N_NetNumber. */
  readonly network: number;
  readonly length: number;
  /** N_NetNumber, 0 where the network is attached. */
  readonly nextHop: number;
  readonly index: number;
  readonly metric: number;
}

/** How each tool prints a table; of netstat and ip route, what has no column is 0 when it is read back. */
export const WRITERS: Readonly<Record<FormatName, (routes: readonly PrintedRoute[]) => string>> = {
  'route-print': (routes) =>
    framed(
      // Windows XP prints an index where an interface has no address.
      routes.map(
        (route) =>
          `${address(route.network)}${mask(route)}${gateway(route, 'Auf Verbindung')} ${route.index} ${route.metric}`,
      ),
    ),
  netsh: (routes) =>
    [
      'Publish  Type      Met  Prefix                    Idx  Gateway/Interface Name',
      '-------  --------  ---  ------------------------  ---  ------------------------',
      ...routes.map(
        (route) =>
          `No       Manual    ${route.metric}  ${prefix(route).padEnd(24)}  ${route.index}  ${gateway(route, 'Ethernet 2')}`,
      ),
    ].join('\r\n'),
  'get-netroute': (routes) =>
    [
      'ifIndex    DestinationPrefix  NextHop         RouteMetric ifMetric PolicyStore',
      '-------    -----------------  -------         ----------- -------- -----------',
      ...routes.map(
        (route) =>
          `${String(route.index).padEnd(10)} ${prefix(route).padEnd(18)} ${formatIpv4(route.nextHop).padEnd(15)} ` +
          `${String(route.metric).padStart(11)}          ActiveStore`,
      ),
    ].join('\r\n'),
  netstat: (routes) =>
    [
      'Routing tables\n\nInternet:\nDestination        Gateway            Flags     Netif Expire',
      ...routes.map(
        (route) => `${prefix(route)} ${route.nextHop === 0 ? `link#${route.index} U` : `${gateway(route, '')} UG`} en0`,
      ),
    ].join('\n'),
  'route-n': (routes) =>
    [
      'Destination     Gateway         Genmask         Flags Metric Ref    Use Iface',
      ...routes.map(
        (route) =>
          `${address(route.network)}${address(route.nextHop)}${mask(route)}` +
          `${route.nextHop === 0 ? 'U' : 'UG'} ${route.metric} 0 0 eth0`,
      ),
    ].join('\n'),
  'proc-net-route': (routes) =>
    [
      'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT',
      ...routes.map(
        (route) =>
          `eth0\t${hexadecimal(route.network)}\t${hexadecimal(route.nextHop)}\t${route.nextHop === 0 ? '0001' : '0003'}` +
          `\t0\t0\t${route.metric}\t${hexadecimal(maskOfLength(route.length))}\t0\t0\t0`,
      ),
    ].join('\n'),
  'ip-route': (routes) =>
    routes
      .map((route) =>
        [
          route.length === 0 ? 'default' : route.length === 32 ? formatIpv4(route.network) : prefix(route),
          ...(route.nextHop === 0 ? [] : [`via ${formatIpv4(route.nextHop)}`]),
          `dev eth0 proto static metric ${route.metric}`,
        ].join(' '),
      )
      .join('\n'),
};

/** What a format tells of an interface and of a metric. */
export const TELLS: Readonly<Record<FormatName, { readonly index: boolean; readonly metric: boolean }>> = {
  'route-print': { index: true, metric: true },
  netsh: { index: true, metric: true },
  'get-netroute': { index: true, metric: true },
  netstat: { index: false, metric: false },
  'route-n': { index: false, metric: true },
  'proc-net-route': { index: false, metric: true },
  'ip-route': { index: false, metric: true },
};

const address = (dword: number): string => `${formatIpv4(dword).padStart(16)} `;
const mask = ({ length }: PrintedRoute): string => address(maskOfLength(length));
const prefix = ({ network, length }: PrintedRoute): string => `${formatIpv4(network)}/${length}`;
const hexadecimal = (dword: number): string => dword.toString(16).toUpperCase().padStart(8, '0');

function gateway({ nextHop }: PrintedRoute, attached: string): string {
  return nextHop === 0 ? attached : formatIpv4(nextHop);
}

function framed(rows: readonly string[]): string {
  const separator = '='.repeat(75);
  return [separator, 'IPv4-Routentabelle', separator, 'Aktive Routen:', ...rows, separator].join('\r\n');
}
