/** Options of the command line that are strict: commander keeps the last of several values, and takes none for one. */
import { InvalidArgumentError, Option } from 'commander';
import { constants } from '../win32/constants.js';
import { ip } from './ip-family.js';
import { ipx } from './ipx-family.js';

const DWORD_MAX = 0xffffffff;

const LIBRARY_HELP =
  'RTMv2 to run on: auto, embedded, system (rtm.dll of the system directory), or the path of a library ' +
  '(default: the variable RTM1_LIBRARY, else auto)';

/** --library, of every command that opens one. */
export function libraryOption(): Option {
  return once(new Option('--library <library>', LIBRARY_HELP).argParser(named(LIBRARY_HELP)));
}

/** An option that may be given once. */
export function once(option: Option): Option {
  const parse = option.parseArg;
  let isGiven = false;
  return option.argParser((value: string, previous: unknown) => {
    if (isGiven) throw new InvalidArgumentError('The option is given twice.');
    isGiven = true;
    return parse === undefined ? value : parse(value, previous);
  });
}

/**
 * Takes any text but none.
 *
 * @param wanted what to give, as the help of the option says
 */
export function named(wanted: string): (text: string) => string {
  return (text) => {
    if (text === '') throw new InvalidArgumentError(`It names nothing. Give the ${wanted}.`);
    return text;
  };
}

/** Takes a protocol: a DWORD, decimal or 0x..., or the name that one has in routprot.h. */
export function parseProtocol(text: string): number {
  const isName = [ip, ipx].some(({ protocolNames }) => protocolNames.test(text));
  const value = /^(\d+|0x[\da-f]+)$/i.test(text) ? Number(text) : ((isName ? constants[text] : undefined) ?? NaN);
  if (!(value <= DWORD_MAX)) {
    throw new InvalidArgumentError('Give a number from 0 to 4294967295. Or a name: PROTO_IP_RIP, IPX_PROTOCOL_RIP.');
  }
  return value;
}
