/** The command line of `rtm1`. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { constants } from '../win32/constants.js';
import { runCheckCommand, type CheckCommandOptions } from './check-command.js';
import { runDoctorCommand, type DoctorCommandOptions } from './doctor-command.js';
import { runExplainCommand, type ExplainCommandOptions } from './explain-command.js';
import { EXIT_OK, EXIT_UNUSABLE, type Io } from './io.js';
import { ip } from './ip-family.js';
import { ipx } from './ipx-family.js';
import { protocolName } from './names.js';
import { packageVersion } from './package-version.js';
import { FORMAT_NAMES, formatTitle } from './routes/formats.js';

const DWORD_MAX = 0xffffffff;
const FORMAT_WIDTH = 14;

const LIBRARY_HELP =
  'RTMv2 to run on: auto, embedded, system, or the path of a library (default: the variable RTM1_LIBRARY, else auto)';

const FORMAT_CHOICES = ['auto', 'text', ...FORMAT_NAMES];
const FORMAT_HELP = FORMAT_NAMES.map((name) => `  ${name.padEnd(FORMAT_WIDTH)} ${formatTitle(name)}`).join('\n');
const PROTOCOL_HELP = `protocol to register as: a number, decimal or 0x..., or its name in routprot.h (default: ${[ip, ipx]
  .map((family) => protocolName(family.defaultProtocol, family))
  .join(', for IPX ')})`;

const CHECK_HELP = `
The routes are added to a table of this process: nothing else on the machine sees them.

Routes (--routes):
  system   this machine's own IPv4 table; the routes of examples/ where it is empty or cannot be read, and for IPX
  FILE     a file of route text or of a listing below; write ./system or ./- for a file of that name
  -        the same on standard input
  A file may be packed by gzip, and in UTF-8 or UTF-16.

Formats (--format), recognised by themselves unless one is named:
  text           route text
${FORMAT_HELP}
  Listings may be in any language. Lines that give no IPv4 route are left out, counted and told. An interface that is only
  named has index 0; where there are several, each gets a number. Listings of routers (BIRD, FRR, Cisco, Junos, XORP) and
  files of bgpdump and pfx2as are not read, but answered with a command that makes route text of them.

Route text, one route a line, clauses in any order:
  ip   ${ip.form}    # comment
       PREFIX is a.b.c.d/len without host bits, or a.b.c.d for a.b.c.d/32
  ipx  ${ipx.form}
       NETWORK is 1 to 8 hexadecimal digits, MAC is 00:11:22:33:44:55
  A line with the network, interface and next hop of an earlier one updates that route.

Exit status:
  0  every promise of RTM version 1 was kept
  1  a promise was broken
  2  nothing was checked: the usage, the routes or the library cannot be used

Examples:
  rtm1 check
  rtm1 check --routes examples/routes.txt --verbose
  rtm1 check --family ipx
  zcat table.txt.gz | rtm1 check --routes - --library embedded --json`;

const DOCTOR_HELP = `
Exit status:
  0  an RTMv2 library can be used
  1  none can`;

const EXPLAIN_HELP = `
NAME is a function, macro, constant or structure of Rtm.h or Rtmv2.h, a member, or STRUCTURE.MEMBER; upper and lower case
are the same. CODE is a Win32 code, decimal or 0x...

Exit status:
  0  it was explained
  2  nothing is known of it

Examples:
  rtm1 explain RtmDeregisterClient
  rtm1 explain 259
  rtm1 explain FSD_Metric --json`;

/**
 * Runs `rtm1`.
 *
 * @param argv arguments behind the name of the program
 * @returns the exit status: see `rtm1 check --help`
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let status = EXIT_OK;
  const program = createProgram(io, (result) => {
    status = result;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_OK : EXIT_UNUSABLE;
    throw error;
  }
}

function createProgram(io: Io, finish: (status: number) => void): Command {
  const program: Command = new Command('rtm1')
    .description('Routing Table Manager version 1 on top of version 2')
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand(false)
    .showHelpAfterError('Run with --help for what is understood.')
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) });
  program
    .command('check')
    .description('run a whole version 1 client life on real routes, and tell whether every promise was kept')
    .option('--routes <source>', 'routes to add: system, a file, or - for standard input', 'system')
    .addOption(new Option('--family <family>', 'protocol family of the routes').choices(['ip', 'ipx']).default('ip'))
    .addOption(
      new Option('--format <format>', 'what the routes are written in').choices(FORMAT_CHOICES).default('auto'),
    )
    .option('--protocol <protocol>', PROTOCOL_HELP, parseProtocol)
    .option('--library <library>', LIBRARY_HELP)
    .option('--json', 'print one JSON object')
    .option('--verbose', 'add the routes of a small input and the time of each step; with --json on standard error')
    .addHelpText('after', CHECK_HELP)
    .action(async (options: CheckCommandOptions) => {
      finish(await runCheckCommand(options, io));
    });
  program
    .command('doctor')
    .description('tell which RTMv2 libraries were looked for, what was found, and why it was chosen')
    .option('--library <library>', LIBRARY_HELP)
    .option('--json', 'print one JSON object')
    .addHelpText('after', DOCTOR_HELP)
    .action((options: DoctorCommandOptions) => {
      finish(runDoctorCommand(options, io));
    });
  program
    .command('explain')
    .description('tell what a name or code of version 1 becomes in version 2, and what to beware of')
    .argument('<name|code>')
    .option('--json', 'print one JSON object')
    .addHelpText('after', EXPLAIN_HELP)
    .action((query: string, options: ExplainCommandOptions) => {
      finish(runExplainCommand(query, options, io));
    });
  // Commander's own help command takes an unknown command for a question about all of them.
  program
    .command('help')
    .description('print help for a command')
    .argument('[command]')
    .action((name: string | undefined) => {
      const command = name === undefined ? program : program.commands.find((known) => known.name() === name);
      if (command === undefined) program.error(`error: unknown command '${name ?? ''}'`);
      command.outputHelp();
    });
  return program;
}

/** A number, or the name that one has in routprot.h. */
function parseProtocol(text: string): number {
  const isName = [ip, ipx].some(({ protocolNames }) => protocolNames.test(text));
  const value = /^(\d+|0x[\da-f]+)$/i.test(text) ? Number(text) : ((isName ? constants[text] : undefined) ?? NaN);
  if (!(value <= DWORD_MAX)) {
    throw new InvalidArgumentError('Give a number from 0 to 4294967295. Or a name: PROTO_IP_RIP, IPX_PROTOCOL_RIP.');
  }
  return value;
}
