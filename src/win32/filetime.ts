/** Milliseconds between 1601-01-01 and 1970-01-01, both UTC. */
const EPOCH_DIFFERENCE_MS = 11_644_473_600_000;

const TICKS_PER_MS = 10_000;
const WORD = 0x1_0000_0000;

/** The last millisecond since 1970 that a FILETIME can hold. */
const LAST_MS = Math.floor((WORD * WORD - WORD) / TICKS_PER_MS) - EPOCH_DIFFERENCE_MS;

/** A FILETIME: 100 ns ticks since 1601-01-01 UTC in two words, low word first. */
export interface FileTime {
  dwLowDateTime: number;
  dwHighDateTime: number;
}

/** Whether a FILETIME can hold this instant, given in milliseconds since 1970-01-01 UTC. */
export function isFileTime(ms: number): boolean {
  return ms >= -EPOCH_DIFFERENCE_MS && ms <= LAST_MS;
}

/**
 * Writes an instant as FILETIME.
 *
 * @param ms milliseconds since 1970-01-01 UTC, see {@link isFileTime}; fractions are cut off
 * @param into words of the structure that holds the FILETIME
 * @param index index of the low word
 */
export function writeFileTime(ms: number, into: Uint32Array, index: number): void {
  const sinceWindowsEpoch = Math.floor(ms) + EPOCH_DIFFERENCE_MS;
  const high = Math.floor(sinceWindowsEpoch / WORD);
  const lowTicks = (sinceWindowsEpoch - high * WORD) * TICKS_PER_MS;
  into[index] = lowTicks;
  into[index + 1] = high * TICKS_PER_MS + Math.floor(lowTicks / WORD);
}

/**
 * 100 ns ticks from a FILETIME to an instant.
 *
 * @param ms milliseconds since 1970-01-01 UTC, see {@link isFileTime}
 */
export function ticksSince(low: number, high: number, ms: number): bigint {
  writeFileTime(ms, now, 0);
  const [nowLow = 0, nowHigh = 0] = now;
  return ticksOf(nowLow, nowHigh) - ticksOf(low, high);
}

const now = new Uint32Array(2);

function ticksOf(low: number, high: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}
