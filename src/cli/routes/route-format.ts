/** What a listing of routes is to its readers. */
import type { Listing } from './listing.js';

/** The address part of what `os.networkInterfaces()` tells of an interface. */
export interface InterfaceAddress {
  readonly address: string;
  readonly mac: string;
}

/** What is known of the interfaces of the machine whose routes are listed. */
export interface KnownInterfaces {
  /** Index of an interface by name, 0 where it is not known. */
  readonly indexOf: (name: string) => number;
  /** The indexes that are known to be taken. */
  readonly indexes: readonly number[];
  readonly addresses: readonly InterfaceAddress[];
}

/** Of a listing that came as a file: it may be from any machine. */
export const UNKNOWN_INTERFACES: KnownInterfaces = { indexOf: () => 0, indexes: [], addresses: [] };

/** A listing of routes that can be read. */
export interface RouteFormat {
  /** Whether a text that begins with these lines is one. */
  readonly recognises: (lines: readonly string[]) => boolean;
  /** Reads all lines of one. A line that cannot be read is left out and counted. */
  readonly read: (lines: readonly string[], interfaces: KnownInterfaces) => Listing;
}
