/** The command line of `rtm1`. */
import { Command, CommanderError, Option } from 'commander';
import type { CheckCommandOptions } from './check-command.js';
import type { DoctorCommandOptions } from './doctor-command.js';
import type { ExplainCommandOptions } from './explain-command.js';
import { EXIT_OK, EXIT_UNUSABLE, type Io } from './io.js';
import { ip } from './ip-family.js';
import { ipx } from './ipx-family.js';
import { protocolName } from './names.js';
import { libraryOption, named, once, parseProtocol } from './options.js';
import { packageVersion } from './package-version.js';
import { FORMAT_NAMES, formatTitle } from './routes/formats.js';
import { widthOf } from './terminal.js';

const FORMAT_WIDTH = 14;

const ROUTES_HELP = 'routes to add: system, a file, or - for standard input';

const FORMAT_CHOICES = ['auto', 'text', ...FORMAT_NAMES];
const FORMAT_HELP = FORMAT_NAMES.map((name) => `  ${name.padEnd(FORMAT_WIDTH)} ${formatTitle(name)}`).join('\n');
const [DEFAULT_OF_IP = '', DEFAULT_OF_IPX = ''] = [ip, ipx].map((family) => protocolName(family.defaultProtocol, family));
const PROTOCOL_HELP =
  'protocol to register as: a number, decimal or 0x..., or its name in routprot.h ' +
  `(default: ${DEFAULT_OF_IP}, for IPX ${DEFAULT_OF_IPX})`;

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
  Listings may be in any language. Lines that give no IPv4 route are left out, counted and told. An interface that is
  only named has index 0; where there are several, each gets a number. Listings of routers (BIRD, FRR, Cisco, Junos,
  XORP), bgpdump and pfx2as are not read, but answered with a command that makes route text of them.

Route text, one route a line, clauses in any order:
  ip   ${ip.form}    # comment
       PREFIX is a.b.c.d/len without host bits, or a.b.c.d for a.b.c.d/32 (the default route is 0.0.0.0/0)
  ipx  ${ipx.form}
       NETWORK is 1 to 8 hexadecimal digits, MAC is 00:11:22:33:44:55, or with -, 0011.2233.4455, 001122334455
  A line with the network, interface and next hop of an earlier one updates that route.

Exit status:
  0  every promise of RTM version 1 was kept
  1  a promise was broken
  2  nothing was checked: the usage, the routes or the library cannot be used

Examples:
  rtm1 check
  rtm1 check --routes examples/routes.txt --verbose
  rtm1 check --family ipx
  ip route | rtm1 check --routes -
  rtm1 check --routes route-print.txt --format route-print
  rtm1 check --routes table.txt.gz --library embedded --json`;

const DOCTOR_HELP = `
Exit status:
  0  an RTMv2 library can be used, at least for IP
  1  none can be opened
  2  the one that was found lets no IP client register, or the usage is wrong`;

const EXPLAIN_HELP = `
NAME is any name of Rtm.h or Rtmv2.h: a function, parameter, macro, constant, type, structure, member, or
STRUCTURE.MEMBER; upper and lower case are the same. CODE is a Win32 code, decimal or 0x...

Exit status:
  0  everything was explained
  2  nothing is known of one of them

Examples:
  rtm1 explain RtmDeregisterClient
  rtm1 explain RtmAddRouteToDest TimeToLive 87
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

/** Told the exit status of the command that ran. */
type Finish = (status: number) => void;

function createProgram(io: Io, finish: Finish): Command {
  const program = new Command('rtm1')
    .description('Routing Table Manager version 1 on top of version 2')
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand(false)
    .showHelpAfterError('Run with --help for what is understood.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => widthOf(io.stdout),
      getErrHelpWidth: () => widthOf(io.stderr),
      outputError: (text, write) => {
        write(text.replace(/^error: /, 'rtm1: '));
      },
    })
    // Where no command is given commander prints the help as an error, and says nothing of what is wrong.
    .addHelpText('before', ({ error }) => (error ? 'rtm1: no command is given\n' : ''));
  addCheck(program, io, finish);
  addDoctor(program, io, finish);
  addExplain(program, io, finish);
  addHelp(program);
  return program;
}

// Each command is loaded when it runs: what it needs is of no use to the others.

function addCheck(program: Command, io: Io, finish: Finish): void {
  const family = new Option('--family <family>', 'protocol family of the routes').choices(['ip', 'ipx']).default('ip');
  const format = new Option('--format <format>', 'what the routes are written in').choices(FORMAT_CHOICES).default('auto');
  program
    .command('check')
    .description('run a whole version 1 client life on real routes, and tell whether every promise was kept')
    .addOption(once(new Option('--routes <source>', ROUTES_HELP).default('system').argParser(named(ROUTES_HELP))))
    .addOption(once(family))
    .addOption(once(format))
    .addOption(once(new Option('--protocol <protocol>', PROTOCOL_HELP).argParser(parseProtocol)))
    .addOption(libraryOption())
    .option('--json', 'print one JSON object')
    .option('--verbose', 'add the routes of a small input and the time of each step; with --json on standard error')
    .addHelpText('after', CHECK_HELP)
    .action(async (options: CheckCommandOptions) => {
      const { runCheckCommand } = await import('./check-command.js');
      finish(await runCheckCommand(options, io));
    });
}

function addDoctor(program: Command, io: Io, finish: Finish): void {
  program
    .command('doctor')
    .description('tell which RTMv2 libraries were looked for, what was found, why it was chosen, and whether it works')
    .addOption(libraryOption())
    .option('--json', 'print one JSON object')
    .addHelpText('after', DOCTOR_HELP)
    .action(async (options: DoctorCommandOptions) => {
      const { runDoctorCommand } = await import('./doctor-command.js');
      finish(await runDoctorCommand(options, io));
    });
}

function addExplain(program: Command, io: Io, finish: Finish): void {
  program
    .command('explain')
    .description('tell what names of Rtm.h and Rtmv2.h and Win32 codes are, what they become, and what to beware of')
    .argument('<name|code...>')
    .option('--json', 'print one JSON object, or an array of them for several names')
    .addHelpText('after', EXPLAIN_HELP)
    .action(async (queries: readonly string[], options: ExplainCommandOptions) => {
      const { runExplainCommand } = await import('./explain-command.js');
      finish(runExplainCommand(queries, options, io));
    });
}

/** Commander's own help command takes an unknown command for a question about all of them. */
function addHelp(program: Command): void {
  program
    .command('help')
    .description('print help for a command')
    .argument('[command]')
    .action((name: string | undefined) => {
      const command = name === undefined ? program : program.commands.find((known) => known.name() === name);
      if (command === undefined) program.error(`error: unknown command '${name ?? ''}'`);
      command.outputHelp();
    });
}
