/**
 * macOS: names and indexes of the interfaces, from the `<Link#N>` rows of `netstat -in` (network_cmds, if.c).
 *
 * Up to macOS 10.14 both netstats cut a name: `netstat -in` after 5 characters, `netstat -rn` after 7 or 8.
 */
const LINK_ROW = /^(\S+?)\*?\s+\d+\s+<Link#(\d+)>/gm;

/** A listed name of this length may have been longer. */
const LISTED_WIDTH = 5;
/** A name in a route of this length or more may have been longer. */
const ROUTE_WIDTH = 7;

interface Link {
  readonly name: string;
  readonly index: number;
}

export class LinkNames {
  readonly #links: readonly Link[];

  /** @param text standard output of `netstat -in` */
  constructor(text: string) {
    this.#links = Array.from(text.matchAll(LINK_ROW), ([, name = '', index]) => ({ name, index: Number(index) }));
  }

  get indexes(): readonly number[] {
    return this.#links.map(({ index }) => index);
  }

  /** The index of the one interface that a route can mean by a name; 0 where it can mean none, or several. */
  indexOf(name: string): number {
    const isWhole = name.length < ROUTE_WIDTH;
    const named = this.#links.filter((link) => link.name === name);
    const candidates =
      isWhole && named.length > 0
        ? named
        : this.#links.filter((link) => isCutFrom(link.name, name) || (!isWhole && link.name.startsWith(name)));
    const [only, ...others] = candidates;
    return only === undefined || others.length > 0 ? 0 : only.index;
  }
}

/** Whether a listed name may be what is left of a name in a route. */
function isCutFrom(listed: string, name: string): boolean {
  return listed.length === LISTED_WIDTH && name.startsWith(listed);
}
