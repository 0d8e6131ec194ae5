/** How `console.log` shows the structures of Rtm.h: by the names of C, with addresses and times readable in front. */
import { inspect, type InspectOptionsStylized } from 'node:util';

/** What stands between the name of a structure and its members. */
export type Title<Value> = (value: Value) => string;

/**
 * Makes objects of a class print their members under the names of C.
 *
 * @param prototype the prototype of the class
 * @param className the name to print
 * @param isAlive whether a value is an object of the class whose memory is still there; others have no members to read
 * @param members the members in the order in which C has them
 */
export function defineInspection<Value extends object>(
  prototype: Value,
  className: string,
  isAlive: (value: object) => boolean,
  members: readonly string[],
  title: Title<Value> = () => '',
): void {
  Object.defineProperty(prototype, inspect.custom, {
    configurable: true,
    writable: true,
    value(this: Value, depth: number, options: InspectOptionsStylized): string {
      if (!isAlive(this)) return options.stylize(`[${className} without memory]`, 'special');
      const name = `${className} ${title(this)}`.trimEnd();
      if (depth < 0) return options.stylize(`[${name}]`, 'special');
      const entries = members.map((member): [string, unknown] => [member, Reflect.get(this, member)]);
      return `${name} ${inspect(Object.fromEntries(entries), { ...options, depth })}`;
    },
  });
}
