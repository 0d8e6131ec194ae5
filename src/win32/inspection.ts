/** How `console.log` shows objects that keep what they hold out of reach. */
import { inspect, type InspectOptionsStylized } from 'node:util';

/** What stands between the name of a structure and its members. */
export type Title<Value> = (value: Value) => string;

/**
 * Makes objects of a class print what their accessors tell.
 *
 * @param prototype the prototype of the class
 * @param className the name to print
 * @param isReadable whether a value is an object of the class that can tell; its prototype, for one, cannot
 * @param members the accessors, in the order in which they are printed
 * @param title what stands between the name and the members
 */
export function defineInspection<Value extends object>(
  prototype: Value,
  className: string,
  isReadable: (value: object) => boolean,
  members: readonly string[],
  title: Title<Value> = () => '',
): void {
  Object.defineProperty(prototype, inspect.custom, {
    configurable: true,
    writable: true,
    value(this: Value, depth: number, options: InspectOptionsStylized): string {
      if (!isReadable(this)) return options.stylize(`[${className} that cannot be read]`, 'special');
      const name = `${className} ${title(this)}`.trimEnd();
      if (depth < 0) return options.stylize(`[${name}]`, 'special');
      const entries = members.map((member): [string, unknown] => [member, Reflect.get(this, member)]);
      return `${name} ${inspect(Object.fromEntries(entries), { ...options, depth })}`;
    },
  });
}
