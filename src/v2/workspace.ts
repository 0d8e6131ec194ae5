import { HANDLE_SIZE } from '../win32/abi.js';
import { MAX_ENUMERATED } from './endless.js';
import { Memory } from './memory.js';
import { ENTITY_INFO, NET_ADDRESS, NEXTHOP_INFO, REGN_PROFILE, sizeOfDestInfo, sizeOfRouteInfo } from './structures.js';

/** Views are bits of a DWORD, and NumNextHops is a USHORT. */
const MAX_VIEWS = 32;
const MAX_NEXT_HOPS = 0xffff;

/** The limits that RTM_REGN_PROFILE tells an entity at registration. */
export interface Profile {
  readonly maxNextHopsInRoute: number;
  readonly maxHandlesInEnum: number;
  readonly numberOfViews: number;
}

/** Enumerations ask for at most so many handles at a time: beyond, a call's share in the cost of an item is nothing. */
const LARGEST_BATCH = 64;

const SPARE_NEXT_HOPS = 16;

const align = (size: number): number => (size + 7) & ~7;

/**
 * One preallocated buffer for each structure that the shim exchanges with RTM, so that a call allocates nothing. The
 * members are offsets; `address + offset` is what a call is given.
 */
export class Workspace extends Memory {
  /** Holds the limits below before any registration has told the real ones. */
  static readonly INITIAL: Profile = { maxNextHopsInRoute: SPARE_NEXT_HOPS, maxHandlesInEnum: LARGEST_BATCH, numberOfViews: 2 };

  readonly profile: Profile;
  /** How many items an enumeration call may ask for. */
  readonly batch: number;

  readonly netAddress: number;
  /** A second RTM_NET_ADDRESS, for the address that RtmGetRouteInfo tells. */
  readonly routeAddress: number;
  readonly entityInfo: number;
  readonly regnProfile: number;
  readonly nextHopInfo: number;
  readonly routeInfo: number;
  readonly destInfo: number;
  /** A cell for one handle. */
  readonly handleCell: number;
  /** A cell for one DWORD of flags. */
  readonly flagsCell: number;
  /** A cell for a count. */
  readonly countCell: number;
  /** An array of `batch` handles. */
  readonly handles: number;
  /** An array of `batch` RTM_DEST_INFO, each with all views. */
  readonly destInfos: number;

  constructor(profile: Profile) {
    let end = 0;
    const area = (size: number): number => {
      const start = end;
      end += align(size);
      return start;
    };
    const batch = Math.max(1, Math.min(profile.maxHandlesInEnum, LARGEST_BATCH));
    const destInfoSize = sizeOfDestInfo(profile.numberOfViews);
    // Room for a library that tells more next hops than it says it would.
    const nextHops = Math.max(profile.maxNextHopsInRoute, SPARE_NEXT_HOPS);
    const areas = {
      netAddress: area(NET_ADDRESS.size),
      routeAddress: area(NET_ADDRESS.size),
      entityInfo: area(ENTITY_INFO.size),
      regnProfile: area(REGN_PROFILE.size),
      nextHopInfo: area(NEXTHOP_INFO.size),
      routeInfo: area(sizeOfRouteInfo(nextHops)),
      destInfo: area(destInfoSize),
      handleCell: area(HANDLE_SIZE),
      flagsCell: area(4),
      countCell: area(4),
      handles: area(batch * HANDLE_SIZE),
      destInfos: area(batch * destInfoSize),
    };
    super(end);
    this.profile = profile;
    this.batch = batch;
    this.netAddress = areas.netAddress;
    this.routeAddress = areas.routeAddress;
    this.entityInfo = areas.entityInfo;
    this.regnProfile = areas.regnProfile;
    this.nextHopInfo = areas.nextHopInfo;
    this.routeInfo = areas.routeInfo;
    this.destInfo = areas.destInfo;
    this.handleCell = areas.handleCell;
    this.flagsCell = areas.flagsCell;
    this.countCell = areas.countCell;
    this.handles = areas.handles;
    this.destInfos = areas.destInfos;
  }

  /** A workspace for these limits; null if there is no memory for them. */
  static tryCreate(profile: Profile): Workspace | null {
    try {
      return new Workspace(profile);
    } catch {
      return null;
    }
  }

  /** Whether an entity with this profile can work here without overrunning a buffer or asking for too much. */
  fits(profile: Profile): boolean {
    return (
      profile.maxNextHopsInRoute <= this.profile.maxNextHopsInRoute &&
      profile.numberOfViews <= this.profile.numberOfViews &&
      profile.maxHandlesInEnum >= this.batch
    );
  }

  /** Clears what RtmRegisterEntity is to write: what it does not write is not what an earlier one wrote. */
  clearRegistration(): void {
    this.u8.fill(0, this.regnProfile, this.regnProfile + REGN_PROFILE.size);
    this.setHandle(this.handleCell, 0);
  }

  /** The profile that RtmRegisterEntity has just written. */
  registeredProfile(): Profile {
    return {
      maxNextHopsInRoute: this.word(this.regnProfile + REGN_PROFILE.MaxNextHopsInRoute),
      maxHandlesInEnum: this.word(this.regnProfile + REGN_PROFILE.MaxHandlesInEnum),
      numberOfViews: this.word(this.regnProfile + REGN_PROFILE.NumberOfViews),
    };
  }
}

/** What makes it impossible to work within the limits of a profile, in words; null if nothing does. */
export function flawOf({ maxHandlesInEnum, maxNextHopsInRoute, numberOfViews }: Profile): string | null {
  const limits = [
    ['NumberOfViews', numberOfViews, MAX_VIEWS],
    ['MaxNextHopsInRoute', maxNextHopsInRoute, MAX_NEXT_HOPS],
    ['MaxHandlesInEnum', maxHandlesInEnum, MAX_ENUMERATED],
  ] as const;
  const flawed = limits.find(([, value, most]) => value < 1 || value > most);
  return flawed === undefined ? null : `tells a profile with ${flawed[0]} ${flawed[1]}, which cannot be: 1 to ${flawed[2]}`;
}
