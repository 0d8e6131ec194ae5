import { describe, expect, it } from 'vitest';
import { type FormatName, loadFormat } from '../../src/cli/routes/formats.js';
import { leftOutText, type Listing } from '../../src/cli/routes/listing.js';
import { type InterfaceAddress, type KnownInterfaces, UNKNOWN_INTERFACES } from '../../src/cli/routes/route-format.js';
import { LinkNames } from '../../src/cli/system-table/link-names.js';
import { readSystemTable, type SystemHost } from '../../src/cli/system-table/system-table.js';

function textOf(listing: Listing): string[] {
  listing.numberInterfaces();
  return Array.from({ length: listing.routes.count }, (_, row) => listing.routes.format(row));
}

async function read(format: FormatName, text: string, interfaces: Partial<KnownInterfaces>): Promise<Listing> {
  return (await loadFormat(format)).read(text.split(/\r?\n/), { ...UNKNOWN_INTERFACES, ...interfaces });
}

// The kernel pads every line with blanks.
const PROC_NET_ROUTE = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0
eth0\t000200C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0
wlan0\t000010AC\t096433C6\t0003\t0\t0\t4294967295\t0000F0FF\t0\t0\t0
eth0\t076433C6\t010200C0\t0007\t0\t0\t0\tFFFFFFFF\t0\t0\t0
*\t0000007F\t00000000\t0201\t0\t0\t0\t000000FF\t0\t0\t0
eth1\t0000000A\t00000000\t0000\t0\t0\t0\t000000FF\t0\t0\t0
`.replaceAll('\n', `${' '.repeat(40)}\n`);
const linux = { indexOf: (name: string): number => ({ eth0: 2, wlan0: 3 })[name] ?? 0 };
const readProc = (text: string): Promise<Listing> => read('proc-net-route', text, linux);

describe("Linux' /proc/net/route", () => {
  it('gives each usable route with its interface index and metric', async () => {
    const table = await readProc(PROC_NET_ROUTE);
    expect(textOf(table)).toEqual([
      '0.0.0.0/0 via 192.0.2.1 if 2 metric 100',
      '192.0.2.0/24 if 2 metric 100',
      '172.16.0.0/12 via 198.51.100.9 if 3 metric 4294967295',
      '198.51.100.7/32 via 192.0.2.1 if 2',
    ]);
    expect(Array.from(table.routes.line.subarray(0, 4))).toEqual([2, 3, 4, 5]);
  });

  it('leaves out reject routes, routes that are down, and routes without a device', async () => {
    const noDevice = '*\t007100CB\t00000000\t0001\t0\t0\t32\t00FFFFFF\t0\t0\t0\n';
    const { leftOut } = await readProc(`${PROC_NET_ROUTE}${noDevice}`);
    expect(leftOutText(leftOut)).toBe('1 rejecting (line 6), 1 down (line 7), 1 without a device (line 8)');
  });

  it('is empty on a machine without routes', async () => {
    const listing = await readProc(PROC_NET_ROUTE.split('\n')[0] ?? '');
    expect([textOf(listing), listing.leftOut]).toEqual([[], []]);
  });

  it.each(['eth0\t000000', 'eth0\t0\t0\t1\t0\t0\t0\t00FF00FF', 'eth0\t0\t0\t1\t0\t0\tx\t00FFFFFF'])(
    'counts the line %j, which is not as the kernel writes it',
    async (line) => {
      const { routes, leftOut } = await readProc(`Iface\n${line}`);
      expect([routes.count, leftOutText(leftOut)]).toEqual([0, '1 not readable (line 2)']);
    },
  );
});

const WINDOWS_ADDRESSES = [
  { address: '192.0.2.50', mac: '00:0c:29:3e:5f:10' },
  { address: '127.0.0.1', mac: '00:00:00:00:00:00' },
  { address: '172.20.0.1', mac: '00:15:5d:aa:bb:cc' },
];

const ROUTE_PRINT = `===========================================================================
Interface List
 12...00 0c 29 3e 5f 10 ......Intel(R) 82574L Gigabit Network Connection
  1...........................Software Loopback Interface 1
 33...00 15 5d aa bb cc ......Hyper-V Virtual Ethernet Adapter
===========================================================================

IPv4 Route Table
===========================================================================
Active Routes:
Network Destination        Netmask          Gateway       Interface  Metric
          0.0.0.0          0.0.0.0        192.0.2.1       192.0.2.50     25
        127.0.0.0        255.0.0.0         On-link         127.0.0.1    331
       172.20.0.0      255.255.0.0         On-link        172.20.0.1   5256
        192.0.2.0    255.255.255.0         On-link        192.0.2.50    281
        224.0.0.0        240.0.0.0         On-link         127.0.0.1    331
        224.0.0.0        240.0.0.0         On-link        192.0.2.50    281
  255.255.255.255  255.255.255.255         On-link       203.0.113.9    281
===========================================================================
Persistent Routes:
  Network Address          Netmask  Gateway Address  Metric
          0.0.0.0          0.0.0.0        192.0.2.1  Default
         10.0.0.0        255.0.0.0      192.0.2.254       7
===========================================================================
`;

const ROUTE_PRINT_GERMAN = `===========================================================================
Schnittstellenliste
 12...00 0c 29 3e 5f 10 ......Intel(R) 82574L Gigabit Network Connection
===========================================================================

IPv4-Routentabelle
===========================================================================
Aktive Routen:
     Netzwerkziel    Netzwerkmaske          Gateway    Schnittstelle Metrik
          0.0.0.0          0.0.0.0        192.0.2.1       192.0.2.50     25
        192.0.2.0    255.255.255.0   Auf Verbindung       192.0.2.50    281
===========================================================================
Ständige Routen:
  Keine
`;

/** An interface list, and on-link routes of some interfaces. */
function routePrint(list: readonly string[], ...interfaces: readonly string[]): string {
  const routes = interfaces.map((told) => `  224.0.0.0  240.0.0.0  On-link  ${told}  281`);
  return ['=================', ...list, '=================', ...routes, '================='].join('\n');
}

const readPrint = (text: string, addresses: readonly InterfaceAddress[] = []): Promise<Listing> =>
  read('route-print', text, { addresses });

const NO_MAC = '00:00:00:00:00:00';

describe("Windows' `route print -4`", () => {
  it('gives the active routes, each with the index of its interface where it can be told', async () => {
    expect(textOf(await readPrint(ROUTE_PRINT.replaceAll('\n', '\r\n'), WINDOWS_ADDRESSES))).toEqual([
      '0.0.0.0/0 via 192.0.2.1 if 12 metric 25',
      '127.0.0.0/8 if 1 metric 331',
      '172.20.0.0/16 if 33 metric 5256',
      '192.0.2.0/24 if 12 metric 281',
      '224.0.0.0/4 if 1 metric 331',
      '224.0.0.0/4 if 12 metric 281',
      '255.255.255.255/32 metric 281',
    ]);
  });

  it('is read in a language whose word for "On-link" is two words', async () => {
    expect(textOf(await readPrint(ROUTE_PRINT_GERMAN, WINDOWS_ADDRESSES))).toEqual([
      '0.0.0.0/0 via 192.0.2.1 if 12 metric 25',
      '192.0.2.0/24 if 12 metric 281',
    ]);
  });

  const LOOPBACK = '  1...........................Software Loopback Interface 1';
  const ETHERNET = ' 10...2c f0 5d 00 00 30 ......Ethernet Controller';
  const VPN = ' 84...........................WireGuard Tunnel';
  const OTHER_VPN = ' 86...........................PPP adapter';

  it.each([
    ['the only interface without a MAC address besides loopback', [VPN, ETHERNET, LOOPBACK], [84, 1]],
    ['loopback by its address, wherever it is listed', [LOOPBACK, VPN, ETHERNET], [84, 1]],
    ['none of two interfaces without a MAC address, whose routes stay apart', [VPN, OTHER_VPN, ETHERNET, LOOPBACK], [0, 1]],
  ])('tells %s', async (_, list, indexes) => {
    const addresses = [
      { address: '10.99.0.2', mac: NO_MAC },
      { address: '127.0.0.1', mac: NO_MAC },
    ];
    const { routes } = await readPrint(routePrint(list, '10.99.0.2', '127.0.0.1'), addresses);
    expect(Array.from(routes.interfaceIndex.subarray(0, 2))).toEqual(indexes);
  });

  it('keeps the routes of interfaces apart that have no MAC address, or the same', async () => {
    const twin = ' 14...2c f0 5d 00 00 30 ......Virtual Ethernet Adapter';
    const addresses = [
      { address: '10.98.0.7', mac: NO_MAC },
      { address: '10.99.0.2', mac: NO_MAC },
      { address: '192.0.2.10', mac: '2c:f0:5d:00:00:30' },
      { address: '198.51.100.10', mac: '2c:f0:5d:00:00:30' },
      { address: '127.0.0.1', mac: NO_MAC },
    ];
    const text = routePrint([ETHERNET, VPN, twin, OTHER_VPN, LOOPBACK], ...addresses.map(({ address }) => address));
    expect(textOf(await readPrint(text, addresses))).toEqual([
      '224.0.0.0/4 if 2 metric 281',
      '224.0.0.0/4 if 3 metric 281',
      '224.0.0.0/4 if 4 metric 281',
      '224.0.0.0/4 if 5 metric 281',
      '224.0.0.0/4 if 1 metric 281',
    ]);
  });

  it('tells a dial-up connection, which is listed by its name, from another interface without a MAC address', async () => {
    const addresses = [
      { name: 'wg0', address: '10.99.0.2', mac: NO_MAC },
      { name: 'PPP adapter', address: '10.98.0.7', mac: NO_MAC },
    ];
    const text = routePrint([OTHER_VPN, VPN, ETHERNET, LOOPBACK], '10.99.0.2', '10.98.0.7');
    expect(textOf(await readPrint(text, addresses))).toEqual([
      '224.0.0.0/4 if 84 metric 281',
      '224.0.0.0/4 if 86 metric 281',
    ]);
  });

  it('gives all addresses of one interface its index', async () => {
    const text = routePrint([ETHERNET, LOOPBACK], '192.0.2.10', '192.0.2.11');
    expect(textOf(await readPrint(text))).toEqual(['224.0.0.0/4 if 10 metric 281', '224.0.0.0/4 if 10 metric 281']);
  });
});

const NETSTAT = `Routing tables

Internet:
Destination        Gateway            Flags               Netif Expire
default            192.0.2.1          UGScg                 en0
default            link#14            UCSIg           bridge100      !
10/8               192.0.2.9          UGSc                  en0
127                127.0.0.1          UCS                   lo0
127.0.0.1          127.0.0.1          UH                    lo0
169.254            link#6             UCS                   en0      !
172.16/12          192.0.2.8          UGRSc                 en0
192.0.2            link#6             UCS                   en0      !
192.0.2.1/32       link#6             UCS                   en0      !
192.0.2.1          a4:b1:c2:d3:e4:f5  UHLWIir               en0   1176
198.51.100.7       192.0.2.9          UGHS                  en0
224.0.0/4          link#6             UmCS                  en0      !
255.255.255.255/32 link#6             UCS                   en0      !
`;

const NETSTAT_WITH_USE = `Routing tables

Internet:
Destination        Gateway            Flags        Refs      Use   Netif Expire
default            192.0.2.1          UGSc           35        0     en0
192.0.2            link#4             UCS             2        0     en0
`;

const NETSTAT_INTERFACES = `Name       Mtu   Network       Address            Ipkts Ierrs    Opkts Oerrs  Coll
lo0        16384 <Link#1>                          1042     0     1042     0     0
lo0        16384 127           127.0.0.1           1042     -     1042     -     -
gif0*      1280  <Link#2>                             0     0        0     0     0
en0        1500  <Link#6>    a4:b1:c2:00:00:01   812345     0   623456     0     0
en0        1500  192.0.2       192.0.2.50        812345     -   623456     -     -
bridge100  1500  <Link#14>   a6:b1:c2:00:00:64        0     0        0     0     0
`;

describe("macOS' `netstat -rn -f inet`", () => {
  const names = new LinkNames(NETSTAT_INTERFACES);
  const indexOf = (name: string): number => names.indexOf(name);
  const readNetstat = (text: string): Promise<Listing> => read('netstat', text, { indexOf });

  it('is numbered by the link rows of `netstat -in`', () => {
    expect(['lo0', 'gif0', 'en0', 'bridge100', 'en1'].map(indexOf)).toEqual([1, 2, 6, 14, 0]);
  });

  it('gives each usable route, with the octets that it leaves out', async () => {
    expect(textOf(await readNetstat(NETSTAT))).toEqual([
      '0.0.0.0/0 via 192.0.2.1 if 6',
      '0.0.0.0/0 if 14',
      '10.0.0.0/8 via 192.0.2.9 if 6',
      '127.0.0.0/8 via 127.0.0.1 if 1',
      '127.0.0.1/32 via 127.0.0.1 if 1',
      '169.254.0.0/16 if 6',
      '192.0.2.0/24 if 6',
      '192.0.2.1/32 if 6',
      // The neighbour, on the link.
      '192.0.2.1/32 if 6',
      '198.51.100.7/32 via 192.0.2.9 if 6',
      '224.0.0.0/4 if 6',
      '255.255.255.255/32 if 6',
    ]);
  });

  it('leaves out reject routes; what it knows of neighbours is on their link', async () => {
    const { leftOut } = await readNetstat(NETSTAT);
    expect(leftOut.map(({ reason, count }) => [reason, count])).toEqual([['rejecting', 1]]);
  });

  it('is read with the columns of older systems', async () => {
    expect(textOf(await readNetstat(NETSTAT_WITH_USE))).toEqual([
      '0.0.0.0/0 via 192.0.2.1 if 4',
      '192.0.2.0/24 if 4',
    ]);
  });

  it.each(['10.0.0.1/8', '10/33', '10/-1', '10/x', '10.x', '1.2.3.4.5'])(
    'counts the destination %s, which cannot be read',
    async (destination) => {
      const { routes, leftOut } = await readNetstat(`Destination Gateway Flags Netif\n${destination} link#6 UCS en0\n`);
      expect([routes.count, leftOutText(leftOut)]).toEqual([0, '1 not readable (line 2)']);
    },
  );
});

const NETSTAT_TRUNCATED = `Routing tables

Internet:
Destination        Gateway            Flags        Refs      Use   Netif Expire
default            192.0.2.254        UGSc          141        0     en0
default            link#22            UCSI            0        0 bridge1      !
default            link#23            UCSI            0        0 bridge1      !
10.1               192.0.2.9          UGSc            0        0 bridge1
10.2               192.0.2.9          UGSc            0        0   utun1
10.3               192.0.2.9          UGSc            0        0     lo0
`;
const INTERFACES_TRUNCATED = `Name  Mtu   Network       Address            Ipkts Ierrs    Opkts Oerrs  Coll
lo0   16384 <Link#1>                        10206     0    10206     0     0
en0   1500  <Link#2>    a4:b1:c2:00:00:01  812345     0   623456     0     0
utun1 1380  <Link#3>                            0     0        0     0     0
utun1 1380  <Link#4>                            0     0        0     0     0
bridg 1500  <Link#21>   a6:b1:c2:00:00:00        0     0        0     0     0
bridg 1500  <Link#22>   a6:b1:c2:00:00:64        0     0        0     0     0
bridg 1500  <Link#23>   a6:b1:c2:00:00:65        0     0        0     0     0
`;

describe('names that netstat has cut', () => {
  it.each([
    ['in both lists', INTERFACES_TRUNCATED],
    [
      'in the routes alone',
      INTERFACES_TRUNCATED.replace('bridg ', 'bridge1 ')
        .replaceAll('bridg ', 'bridge100 ')
        .replace('utun1 1380  <Link#4>', 'utun10 1380  <Link#4>')
        .replace('utun1 1380  <Link#3>', 'utun11 1380  <Link#3>'),
    ],
  ])('%s are of no interface where they may be of several', async (_, list) => {
    const names = new LinkNames(list);
    const known = { indexes: names.indexes, indexOf: (name: string) => names.indexOf(name) };
    expect(textOf(await read('netstat', NETSTAT_TRUNCATED, known))).toEqual([
      '0.0.0.0/0 via 192.0.2.254 if 2',
      '0.0.0.0/0 if 22',
      '0.0.0.0/0 if 23',
      '10.1.0.0/16 via 192.0.2.9 if 5',
      '10.2.0.0/16 via 192.0.2.9 if 6',
      '10.3.0.0/16 via 192.0.2.9 if 1',
    ]);
  });

  it('are of the one interface that they can be of', () => {
    const names = new LinkNames(`en0 1500 <Link#4> a\nbridge100 1500 <Link#20> b\nvmnet 1500 <Link#7> c\n`);
    expect(['bridge1', 'bridge10', 'bridge100', 'vmnet8'].map((name) => names.indexOf(name))).toEqual([20, 20, 20, 7]);
  });
});

describe("a machine's own table", () => {
  const host = (platform: NodeJS.Platform, shown: Readonly<Record<string, string>>): SystemHost => {
    const show = (what: string): string => {
      const text = shown[what];
      if (text === undefined) throw new Error(`${what}: not shown`);
      return text;
    };
    return {
      platform,
      env: { SystemRoot: 'C:\\Windows' },
      readText: show,
      output: (...command) => show(command.join(' ')),
      interfaceAddresses: () => WINDOWS_ADDRESSES,
    };
  };

  it('is read from the kernel on Linux; an interface that has gone has index 0', async () => {
    const files = { '/proc/net/route': PROC_NET_ROUTE, '/sys/class/net/eth0/ifindex': '2\n' };
    const { listing, format } = await readSystemTable(host('linux', files));
    expect(format).toBe('proc-net-route');
    expect(textOf(listing).slice(0, 3)).toEqual([
      '0.0.0.0/0 via 192.0.2.1 if 2 metric 100',
      '192.0.2.0/24 if 2 metric 100',
      '172.16.0.0/12 via 198.51.100.9 metric 4294967295',
    ]);
  });

  it('is read from route.exe on Windows', async () => {
    const shown = { 'C:\\Windows\\System32\\route.exe print -4': ROUTE_PRINT };
    const { listing, format } = await readSystemTable(host('win32', shown));
    expect(format).toBe('route-print');
    expect(textOf(listing)[0]).toBe('0.0.0.0/0 via 192.0.2.1 if 12 metric 25');
  });

  it('is read from netstat on macOS', async () => {
    const commands = { '/usr/sbin/netstat -in': NETSTAT_INTERFACES, '/usr/sbin/netstat -rn -f inet': NETSTAT };
    const { listing, format } = await readSystemTable(host('darwin', commands));
    expect(format).toBe('netstat');
    expect(textOf(listing)[0]).toBe('0.0.0.0/0 via 192.0.2.1 if 6');
  });

  it('is said to be unreadable on a system that keeps it in an unknown way', async () => {
    await expect(readSystemTable(host('aix', {}))).rejects.toThrow('reading the routes of aix is not known');
  });
});
