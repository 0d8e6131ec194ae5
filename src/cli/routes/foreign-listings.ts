/** What is recognised but not read: listings of routers above all, and the awk program that makes route text of each. */
import { ADDRESS, isIpv6, PREFIX, shareOf, wordsOf } from './addresses.js';

export interface ForeignListing {
  /** What it is, for a reader. */
  readonly title: string;
  readonly recognises: (lines: readonly string[]) => boolean;
  /** Reads the listing as its standard input or from a file behind it, and writes route text. */
  readonly command?: string;
  /** What to do where there is no command. */
  readonly advice?: string;
}

/** Of a text of so few lines each is told what is wrong with it. */
const FEW_LINES = 5;

const some =
  (...patterns: readonly (string | RegExp)[]) =>
  (lines: readonly string[]): boolean =>
    patterns.every((pattern) => {
      const expression = new RegExp(pattern);
      return lines.some((line) => expression.test(line));
    });

const most =
  (pattern: string) =>
  (lines: readonly string[]): boolean => {
    const expression = new RegExp(pattern);
    const written = lines.filter((line) => !line.startsWith('#'));
    return shareOf(written, (line) => expression.test(line)) > 0.5;
  };

/** An awk program, which first takes off the carriage returns of a text from Windows. */
function awk(...program: readonly string[]): string {
  return `awk '{sub(/\\r$/,"")}${program.join('')}'`;
}

/** The same of a text whose fields are divided by something else than blanks. */
function awkWith(separator: string, ...program: readonly string[]): string {
  return awk(...program).replace('awk', `awk -F'${separator}'`);
}

/** `K>* 10.0.0.0/8 [20/0] via ...`: code, `>` for the selected route, `*` for one in the kernel. */
const FRR_CODES = '^[A-Z][a-zA-Z]?[ >]?[>* bqrto]{0,3} *';
const FRR_ROUTE = String.raw`${FRR_CODES}${PREFIX} (?:\[\d+/\d+\] |via |is directly connected,|unreachable)`;
const FRR_SELECTED = String.raw`^[A-Z][^ ]?>|^Codes: K - kernel`;
const CISCO_NETWORK = String.raw`^ *[A-Za-z][ *%+\w]{0,9} +${ADDRESS}(?:/\d+| ${ADDRESS})?`;
const CISCO_ROUTE = String.raw`${CISCO_NETWORK} (?:\[\d+/\d+\] via |is directly connected,)`;
const CISCO_WRAPPED = String.raw`^ +\[\d+/\d+\] via ${ADDRESS}`;
const EOS_ROUTE = String.raw`^ [A-Z][ \w*]{0,8} ${PREFIX} \[\d+/\d+\]$`;
const NX_OS_ROUTE = String.raw`^${PREFIX}, ubest/mbest: `;
const JUNOS_TABLE = String.raw`^\S*inet\.\d+: \d+ destinations`;
const JUNOS_ROUTE = String.raw`^(?:\S+/\d+)? +[*+-]?\[[A-Z][\w-]*/\d+\]`;
const JUNOS_TERSE_ROUTE = String.raw`^[*+-]? +\S? *${PREFIX} +[A-Z] +\d+ .*>`;
const BIRD_KIND = String.raw`(?:unicast|blackhole|unreachable|prohibit(?:ed)?|multipath|via \S+ on \S+|dev \S+)`;
const BIRD_ROUTE = String.raw`^(?:${PREFIX})?\s+${BIRD_KIND}.*\[\S+ [\d:. -]+`;
const XORP_ROUTE = String.raw`^\s*(?:interface-|mrib-)*route4? ${PREFIX} \{`;
const BGPDUMP_LINE = String.raw`^(?:TABLE_DUMP2?|BGP4MP(?:_ET)?)\|[\d./: -]+\|(?:[ABW]|STATE)\|`;
const PFX2AS_LINE = String.raw`^${ADDRESS}[\s,|]+\d{1,2}[\s,|]+(?:AS)?\d+(?:[_,]\d+)*\s*$`;
const PREFIX_THEN_AS = String.raw`${PREFIX}[\s,|]+(?:AS)?\d+(?:[_,]\d+)*`;
const AS_THEN_PREFIX = String.raw`(?:AS)?\d+[\s,|]+${PREFIX}(?:[\s,|]+\d+)?`;
const PREFIX_AND_AS_LINE = String.raw`^(?:${PREFIX_THEN_AS}|${AS_THEN_PREFIX})\s*$`;

const SOLARIS_HEADING = String.raw`^\s*Destination\s+(?:Mask\s+)?Gateway\s+(?:Flags\s+Ref\s|Device\s+MTU\s)`;
const AIX_HEADING = String.raw`^Destination\s+Gateway\s+Flags\s+Refs\s+Use\s+If\s`;
/** A command may stand in the line above. */
const JSON_BEGINNING = /^\s*(?:\{\s*(?:"|$)|\[\s*(?:[{"[\d]|$))/;

/** Linux' /proc/net/ipv6_route. */
const PROC_IPV6_LINE = /^[\da-f]{32} [\da-f]{2} [\da-f]{32} /;
const BETWEEN_FIELDS = String.raw`[ \t,|]+`;

/** Control characters that no text has. */
const BINARY = /[^\P{Cc}\t\f\v]/u;

/** Of field `i`, "via", prints what stands behind it as the next hop of the prefix `p`. */
const PRINT_NEXT_HOP = String.raw`{h=$(i+1);sub(/,/,"",h);if(h~/^[0-9.]+$/)print p" via "h}`;

export const FOREIGN_LISTINGS: readonly ForeignListing[] = [
  {
    title: 'the "show ip route" of FRR or Quagga',
    recognises: some(FRR_ROUTE, FRR_SELECTED),
    command: awk(
      String.raw`{for(i=1;i<=NF;i++)if($i~/^[0-9.]+\/[0-9]+$/){p=$i;s=/^[A-Z][^ ]?>/}}s&&/directly connected/{print p}`,
      String.raw`s{for(i=1;i<NF;i++)if($i=="via"&&$(i+2)!~/^\(recursive\)/)${PRINT_NEXT_HOP}}`,
    ),
  },
  {
    title: 'the "show ip route" of Cisco NX-OS',
    recognises: some(NX_OS_ROUTE),
    command: awk(
      String.raw`/ubest/{p=$1;sub(/,/,"",p)}`,
      String.raw`$1=="*via"{h=$2;sub(/[,%].*/,"",h);print p(/, (direct|local)|^ *[*]via [^0-9]/?"":" via "h)}`,
    ),
  },
  {
    title: 'the "show ip route" of Cisco IOS or ASA, or of Arista EOS',
    recognises: (lines) =>
      [CISCO_ROUTE, CISCO_WRAPPED, EOS_ROUTE].some((route) => some(route)(lines)) && !some(FRR_SELECTED)(lines),
    command: awk(
      // The length stands behind a prefix, in the heading of its classful network, or as a mask behind it (ASA).
      String.raw`function bits(m){split(m,o,".");n=0;for(j=1;j<5;j++)for(b=o[j];b>0;b=int(b/2))n+=b%2;return "/"n}`,
      String.raw`/^Gateway|variably/{next}/is subnetted/{split($1,c,"/");l="/"c[2];next}`,
      String.raw`{for(i=2;i<=NF;i++)if($(i-1)!="via"&&$i~/^[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+(\/[0-9]+)?$/)`,
      String.raw`{p=$i~/\//?$i:$i ($(i+1)~/^[0-9.]+$/?bits($(i+1)):l);break}}`,
      String.raw`/directly connected/{print p}{for(i=1;i<NF;i++)if($i=="via")${PRINT_NEXT_HOP}}`,
    ),
  },
  {
    title: 'the "show route terse" of Junos',
    recognises: some(JUNOS_TERSE_ROUTE, JUNOS_TABLE),
    command: awk(
      String.raw`{p="";for(i=1;i<=NF;i++)if($i~/^[0-9.]+\/[0-9]+$/)p=$i}`,
      String.raw`p!=""&&/^[*+]/{h="";for(i=1;i<=NF;i++)if($i~/^>[0-9.]+$/)h=" via "substr($i,2);print p h}`,
    ),
  },
  {
    title: 'the "show route" of Junos',
    recognises: (lines) => some(JUNOS_ROUTE)(lines) && !some(BIRD_ROUTE)(lines),
    command: awk(
      String.raw`$1~/\/[0-9]+$/{p=$1}/\[[A-Z][A-Za-z-]*\/[0-9]+\]/{a=/[*+]\[/}`,
      String.raw`a&&p!~/:/{h="";for(i=1;i<NF;i++)if($i~/^>?to$/)h=" via "$(i+1);if(/^ *>/||/Local via/)print p h}`,
    ),
  },
  {
    title: 'the "show route" of BIRD',
    recognises: some(BIRD_ROUTE),
    command: awk(
      String.raw`$1~/\/[0-9]+$/{p=$1}/\[/{s=/\] *[*]/}`,
      String.raw`s&&p!~/:/{for(i=1;i<NF;i++){if($i=="via"&&$(i+1)!~/:/)print p" via "$(i+1);if($i=="dev")print p}}`,
    ),
  },
  {
    title: 'a configuration of XORP',
    recognises: some(XORP_ROUTE),
    command: awk(
      String.raw`$1~/route4?$/{p=$2;h=m=""}`,
      String.raw`{for(i=1;i<NF;i++){v=$(i+1);sub(/;/,"",v)`,
      String.raw`;if($i~/^next-?hop:$/)h=" via "v;if($i=="metric:")m=" metric "v}}`,
      String.raw`$NF~/}/&&p!=""{print p h m;p=""}`,
    ),
  },
  {
    title: 'the output of bgpdump -m',
    recognises: most(BGPDUMP_LINE),
    command: awkWith('|', String.raw`$3~/^[AB]$/&&$6!~/:/{print $6($9~/^[0-9.]+$/?" via "$9:"")}`),
  },
  {
    title: 'the output of bgpdump without -m',
    recognises: some(`^PREFIX: `, '^TYPE: '),
    command: awk(String.raw`/^PREFIX:/{p=$2}/^NEXT_HOP:/&&p!~/:/{print p" via "$2}`),
  },
  {
    title: 'a pfx2as file (prefix, length, AS)',
    recognises: most(PFX2AS_LINE),
    command: awkWith(BETWEEN_FIELDS, String.raw`$1~/^[0-9.]+$/{print $1"/"$2}`),
  },
  {
    title: 'a list of prefixes and AS numbers',
    recognises: (lines) => lines.length > FEW_LINES && most(PREFIX_AND_AS_LINE)(lines),
    command: awkWith(BETWEEN_FIELDS, String.raw`{for(i=1;i<=NF;i++)if($i~/^[0-9.]+\/[0-9]+$/)print $i}`),
  },
  {
    title: 'a list of IPv6 routes',
    recognises: (lines) =>
      lines.length > FEW_LINES &&
      shareOf(lines, (line) => isIpv6(wordsOf(line)[0] ?? '') || PROC_IPV6_LINE.test(line)) > 0.5,
    advice: 'RTM version 1 has IPv4 routes only. Give a table of IPv4 routes',
  },
  {
    title: 'a list of interfaces, netstat -in',
    recognises: some(/^Name\s+Mtu\s+Network\s+Address\b/),
    advice: 'give the routes, netstat -rn',
  },
  {
    title: 'the netstat -rn of Solaris or AIX',
    recognises: (lines) => [SOLARIS_HEADING, AIX_HEADING].some((heading) => some(heading)(lines)),
    advice: 'write each of its IPv4 routes as a.b.c.d/len via a.b.c.d (netstat -rnv of Solaris shows the masks)',
  },
  {
    title: 'no text but binary data',
    recognises: (lines) => lines.some((line) => BINARY.test(line)),
    advice: 'give a text of routes',
  },
  {
    title: 'JSON',
    recognises: (lines) => JSON_BEGINNING.test(firstOf(lines)) || JSON_BEGINNING.test(firstOf(lines.slice(1))),
    advice: 'print the routes as text instead, as with ip route without -json, or Get-NetRoute without ConvertTo-Json',
  },
  {
    title: 'XML or HTML',
    recognises: (lines) => /^\s*<(?:[?!]\w|\w[^>]*>)/.test(firstOf(lines)),
    advice: 'print the routes as text instead, or copy the text from the page',
  },
];

/** What a text that begins with these lines is, of the things that are not read. */
export function foreignListingOf(lines: readonly string[]): ForeignListing | undefined {
  return FOREIGN_LISTINGS.find(({ recognises }) => recognises(lines));
}

function firstOf(lines: readonly string[]): string {
  return lines.find((line) => line.trim() !== '') ?? '';
}
