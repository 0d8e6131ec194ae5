/** The promises of v1 that a library did not keep. */

/** The steps of a check, in their order. */
export const STEPS = [
  'register',
  'add',
  'enumerate',
  'networks',
  'look up',
  'compete',
  'age',
  'deregister',
  'messages',
  'left behind',
] as const;
export type Step = (typeof STEPS)[number];

export interface BrokenPromise {
  readonly step: Step;
  readonly message: string;
}

/** Promises beyond this many are counted, not described. */
const DESCRIBED_PROMISES = 20;

export class BrokenPromises {
  count = 0;
  readonly described: BrokenPromise[] = [];
  readonly #countOf = new Map<Step, number>();

  /** @param describe called only while there is room for another description */
  add(step: Step, describe: () => string): void {
    this.count += 1;
    this.#countOf.set(step, this.countOf(step) + 1);
    if (this.described.length < DESCRIBED_PROMISES) {
      this.described.push({ step, message: describe() });
    }
  }

  countOf(step: Step): number {
    return this.#countOf.get(step) ?? 0;
  }
}
