/** The input cannot be used; nothing has been registered yet. */
export class RouteInputError extends Error {
  override readonly name = 'RouteInputError';

  /** @param problem what is wrong with `source`; lines that explain it may follow */
  constructor(source: string, problem: string) {
    super(`${source}: ${problem}`);
  }
}
