import { describe, expect, it } from 'vitest';
import { parseLinkIndexes, parseNetstat } from '../../src/cli/system-table/netstat.js';
import { parseProcNetRoute } from '../../src/cli/system-table/proc-net-route.js';
import { parseRoutePrint } from '../../src/cli/system-table/route-print.js';
import { readSystemTable, type SystemHost, type SystemTable } from '../../src/cli/system-table/system-table.js';

function textOf({ routes }: SystemTable): string[] {
  return Array.from({ length: routes.count }, (_, row) => routes.format(row));
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
const linuxIndex = (name: string): number => ({ eth0: 2, wlan0: 3 })[name] ?? 0;

describe("Linux' /proc/net/route", () => {
  it('gives each usable route with its interface index and metric', () => {
    const table = parseProcNetRoute(PROC_NET_ROUTE, linuxIndex);
    expect(textOf(table)).toEqual([
      '0.0.0.0/0 via 192.0.2.1 if 2 metric 100',
      '192.0.2.0/24 if 2 metric 100',
      '172.16.0.0/12 via 198.51.100.9 if 3 metric 4294967295',
      '198.51.100.7/32 via 192.0.2.1 if 2',
    ]);
    expect(Array.from(table.routes.line.subarray(0, 4))).toEqual([2, 3, 4, 5]);
  });

  it('leaves out reject routes and routes that are down', () => {
    expect(parseProcNetRoute(PROC_NET_ROUTE, linuxIndex).omitted).toBe(2);
  });

  it('is empty on a machine without routes', () => {
    expect(textOf(parseProcNetRoute(PROC_NET_ROUTE.split('\n')[0] ?? '', linuxIndex))).toEqual([]);
  });

  it('is refused when a line is not as the kernel writes it', () => {
    expect(() => parseProcNetRoute('Iface\neth0\t000000', linuxIndex)).toThrow(
      'line 2: "" is not a hexadecimal number',
    );
    expect(() => parseProcNetRoute('Iface\neth0\t0\t0\t1\t0\t0\t0\t00FF00FF', linuxIndex)).toThrow(
      'line 2: mask 00FF00FF does not fit the destination',
    );
  });
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

describe("Windows' `route print -4`", () => {
  it('gives the active routes, each with the index of its interface where it can be told', () => {
    expect(textOf(parseRoutePrint(ROUTE_PRINT.replaceAll('\n', '\r\n'), WINDOWS_ADDRESSES))).toEqual([
      '0.0.0.0/0 via 192.0.2.1 if 12 metric 25',
      '127.0.0.0/8 if 1 metric 331',
      '172.20.0.0/16 if 33 metric 5256',
      '192.0.2.0/24 if 12 metric 281',
      '224.0.0.0/4 if 1 metric 331',
      '224.0.0.0/4 if 12 metric 281',
      '255.255.255.255/32 metric 281',
    ]);
  });

  it('is read in a language whose word for "On-link" is two words', () => {
    expect(textOf(parseRoutePrint(ROUTE_PRINT_GERMAN, WINDOWS_ADDRESSES))).toEqual([
      '0.0.0.0/0 via 192.0.2.1 if 12 metric 25',
      '192.0.2.0/24 if 12 metric 281',
    ]);
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
  const indexes = parseLinkIndexes(NETSTAT_INTERFACES);
  const indexOf = (name: string): number => indexes.get(name) ?? 0;

  it('is numbered by the link rows of `netstat -in`', () => {
    expect([...indexes]).toEqual([
      ['lo0', 1],
      ['gif0', 2],
      ['en0', 6],
      ['bridge100', 14],
    ]);
  });

  it('gives each usable route, with the octets that it leaves out', () => {
    expect(textOf(parseNetstat(NETSTAT, indexOf))).toEqual([
      '0.0.0.0/0 via 192.0.2.1 if 6',
      '0.0.0.0/0 if 14',
      '10.0.0.0/8 via 192.0.2.9 if 6',
      '127.0.0.0/8 via 127.0.0.1 if 1',
      '127.0.0.1/32 via 127.0.0.1 if 1',
      '169.254.0.0/16 if 6',
      '192.0.2.0/24 if 6',
      '192.0.2.1/32 if 6',
      '198.51.100.7/32 via 192.0.2.9 if 6',
      '224.0.0.0/4 if 6',
      '255.255.255.255/32 if 6',
    ]);
  });

  it('leaves out reject routes and cloned neighbours', () => {
    expect(parseNetstat(NETSTAT, indexOf).omitted).toBe(2);
  });

  it('is read with the columns of older systems', () => {
    expect(textOf(parseNetstat(NETSTAT_WITH_USE, indexOf))).toEqual([
      '0.0.0.0/0 via 192.0.2.1 if 6',
      '192.0.2.0/24 if 6',
    ]);
  });

  it.each(['10.0.0.1/8', '10/33', '10/-1', '10/x', '10.x', '1.2.3.4.5'])(
    'is refused with the destination %s',
    (destination) => {
      const text = `Destination Gateway Flags Netif\n${destination} link#6 UCS en0\n`;
      expect(() => parseNetstat(text, indexOf)).toThrow(`line 2: "${destination}" is not a destination`);
    },
  );
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

  it('is read from the kernel on Linux; an interface that has gone has index 0', () => {
    const files = { '/proc/net/route': PROC_NET_ROUTE, '/sys/class/net/eth0/ifindex': '2\n' };
    expect(textOf(readSystemTable(host('linux', files))).slice(0, 3)).toEqual([
      '0.0.0.0/0 via 192.0.2.1 if 2 metric 100',
      '192.0.2.0/24 if 2 metric 100',
      '172.16.0.0/12 via 198.51.100.9 metric 4294967295',
    ]);
  });

  it('is read from route.exe on Windows', () => {
    const table = readSystemTable(host('win32', { 'C:\\Windows\\System32\\route.exe print -4': ROUTE_PRINT }));
    expect(textOf(table)[0]).toBe('0.0.0.0/0 via 192.0.2.1 if 12 metric 25');
  });

  it('is read from netstat on macOS', () => {
    const commands = { '/usr/sbin/netstat -in': NETSTAT_INTERFACES, '/usr/sbin/netstat -rn -f inet': NETSTAT };
    expect(textOf(readSystemTable(host('darwin', commands)))[0]).toBe('0.0.0.0/0 via 192.0.2.1 if 6');
  });

  it('is said to be unreadable on a system that keeps it in an unknown way', () => {
    expect(() => readSystemTable(host('aix', {}))).toThrow('reading the routes of aix is not known');
  });
});
