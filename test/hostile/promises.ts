import errors from '../../mappings/errors.json' with { type: 'json' };
import type { Ending, Play, ProgramOutcome, V1Call, V1Outcome } from './playing.js';
import type { Trick } from './tricks.js';

/** A promise that was not kept with a library: which, and what was seen instead. */
export interface Breach {
  readonly promise: string;
  readonly seen: string;
}

const OK = 0;
const NOT_KEPT = 1;
const UNUSABLE = 2;
const STACK_TRACE = /^\s+at .*(?:\.[cm]?[jt]s|node:)/m;
const SHOWN = 160;

/** The codes of each v1 function: those of its page, those that the rows of mappings/ decide, and success. */
const CODES = new Map(
  Object.entries(errors.documented).map(([name, { codes }]) => [
    name,
    new Set<number>([0, ...codes, ...errors.rows.filter(({ v1 }) => v1 === name).map(({ gives }) => gives)]),
  ]),
);

const isEnding = (outcome: object): outcome is Ending => 'ended' in outcome;

/** All promises that are not kept with a library. */
export function breachesOf(trick: Trick, play: Play, honest: Play): readonly Breach[] {
  return [
    ...breachesOfV1(trick, play.v1, honest.v1),
    ...breachesOfCheck(trick, play),
    ...breachesOfDoctor(trick, play),
  ];
}

function breachesOfV1(trick: Trick, v1: V1Outcome | Ending, honest: V1Outcome | Ending): Breach[] {
  if (isEnding(v1)) return [{ promise: 'v1: the process lives', seen: v1.ended }];
  const { complaints, transcript } = v1;
  const isSame = isEnding(honest) || JSON.stringify(transcript) === JSON.stringify(honest.transcript);
  return [
    ...complaints
      .filter(({ kind }) => kind === 'throws')
      .map((complaint) => ({ promise: 'v1: nothing throws', seen: `${complaint.function}: ${complaint.what}` })),
    ...complaints
      .filter(({ kind }) => kind === 'endless')
      .map((complaint) => ({ promise: 'v1: every walk ends', seen: `${complaint.function} ${complaint.what}` })),
    ...transcript.filter(isUndocumented).map((call) => ({
      promise: 'v1: documented codes only',
      seen: `${call.function} ${String(call.result)}, last error ${String(call.lastError)}`,
    })),
    ...(trick.promise === 'works' && !isSame
      ? [{ promise: 'v1: works as with any library', seen: firstDifference(transcript, honest) }]
      : []),
  ];
}

/** Whether a call tells a code, as its result or as its last error, that its function does not have. */
function isUndocumented({ function: name, result, lastError }: V1Call): boolean {
  const codes = CODES.get(name);
  if (codes === undefined) return true;
  const reported = lastError ?? (errors.documented[name as keyof typeof errors.documented].reports === 'result' ? result : 0);
  return typeof reported === 'number' && !codes.has(reported);
}

function firstDifference(transcript: readonly V1Call[], honest: V1Outcome): string {
  const index = honest.transcript.findIndex((call, at) => JSON.stringify(call) !== JSON.stringify(transcript[at]));
  const [got, wanted] = [transcript[index], honest.transcript[index]].map((call) =>
    call === undefined ? 'nothing' : `${call.function} ${String(call.result)}`,
  );
  return `call ${index}: ${got ?? ''} instead of ${wanted ?? ''}, or other outputs`;
}

function breachesOfProgram(name: string, outcome: ProgramOutcome | Ending, statuses: readonly number[]): Breach[] {
  if (isEnding(outcome)) return [{ promise: `${name}: the process lives`, seen: outcome.ended }];
  const trace = STACK_TRACE.exec(outcome.stdout + outcome.stderr);
  return [
    ...(trace === null ? [] : [{ promise: `${name}: no stack trace`, seen: firstLine(outcome.stderr) }]),
    ...(statuses.includes(outcome.status)
      ? []
      : [{ promise: `${name}: exit status ${statuses.join(' or ')}`, seen: `${outcome.status}: ${told(outcome)}` }]),
  ];
}

function breachesOfCheck({ promise }: Trick, { check }: Play): Breach[] {
  const breaches = breachesOfProgram('check', check, statusesOfCheck(promise));
  if (isEnding(check)) return breaches;
  // Whoever is told that something is wrong is told what.
  if (check.status === NOT_KEPT && !/^ {2}broken \S+/m.test(check.stdout)) {
    breaches.push({ promise: 'check: tells which promise was broken', seen: told(check) });
  }
  const words = typeof promise === 'object' ? promise.unusable : /library|Rtm\w+/;
  if (check.status === UNUSABLE && !words.test(check.stderr)) {
    breaches.push({ promise: 'check: tells why the library is of no use', seen: told(check) });
  }
  return breaches;
}

function statusesOfCheck(promise: Trick['promise']): readonly number[] {
  if (typeof promise === 'object') return [UNUSABLE];
  if (promise === 'works') return [OK];
  return promise === 'broken' ? [NOT_KEPT, UNUSABLE] : [OK, NOT_KEPT, UNUSABLE];
}

function breachesOfDoctor({ promise }: Trick, { doctor, check }: Play): Breach[] {
  const isUnusable = typeof promise === 'object';
  const breaches = breachesOfProgram('doctor', doctor, isUnusable ? [NOT_KEPT] : promise === 'works' ? [OK] : [OK, NOT_KEPT]);
  if (isEnding(doctor)) return breaches;
  if (isUnusable && !promise.unusable.test(doctor.stdout)) {
    breaches.push({ promise: 'doctor: tells why the library is of no use', seen: told(doctor) });
  }
  if (!isEnding(check) && check.status === UNUSABLE && doctor.status === OK) {
    breaches.push({ promise: 'doctor: says ok of no library that check cannot use', seen: told(check) });
  }
  return breaches;
}

const firstLine = (text: string): string => text.trim().split('\n', 1)[0]?.slice(0, SHOWN) ?? '';

const told = ({ stdout, stderr }: ProgramOutcome): string => firstLine(stderr === '' ? (stdout.trim().split('\n').at(-1) ?? '') : stderr);
