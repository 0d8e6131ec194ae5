import { constant } from '../win32/constants.js';
import { V2 } from '../win32/status.js';
import { Repetition } from '../v2/endless.js';
import type { V2Function } from '../v2/signatures.js';
import { DEST_INFO, type EntityId, VIEW_INFO, viewInfoAt } from '../v2/structures.js';
import type { Handle } from '../v2/memory.js';
import { breach, outOfMemory, type V2Failure } from '../translate/errors.js';
import { differSignificantly, newRoute, type RouteFormat } from '../translate/route-format.js';
import { isAddressOf, readNetwork } from '../translate/route-info.js';
import type { Client } from './client.js';
import type { Entity } from './entity.js';
import type { Mailbox } from './mailbox.js';
import type { Owners } from './owners.js';
import { RouteReading } from './route-reading.js';
import { Shadow, UNKNOWN } from './shadow.js';
import { hasItems } from './walk.js';

const UCAST = constant('RTM_VIEW_MASK_UCAST');
const CHANGE_TYPE_ALL = constant('RTM_CHANGE_TYPE_ALL');
const RTM_NO_CHANGE = constant('RTM_NO_CHANGE');
const RTM_ROUTE_ADDED = constant('RTM_ROUTE_ADDED');
const RTM_ROUTE_DELETED = constant('RTM_ROUTE_DELETED');
const RTM_ROUTE_CHANGED = constant('RTM_ROUTE_CHANGED');

/** Networks in a row that cannot be read before the rest has to wait: RTM fails, and not at some networks only. */
const MOST_FAILURES = 16;

const ADDRESSES = 2 ** 32;

/** A network to look at. */
interface Unseen {
  /** A route to it. */
  readonly route: Uint32Array;
  /** It was there when the observer began to watch: what it is found to have is no change. */
  readonly isOld: boolean;
}

/** Where destinations come from. */
interface Source {
  readonly fetch: 'RtmGetChangedDests' | 'RtmGetEnumDests';
  /** The notification or the enumeration. */
  readonly from: Handle;
  /** How many to take. */
  readonly most: number;
  /** Tells of each destination whether that is the end, and which; null if it is not. */
  readonly judge: (destination: Handle) => Walk['end'] | null;
}

/** How a walk over destinations has ended. */
interface Walk {
  /** 'all' if there are no more, 'some' after as many as wanted, or why it had to stop. */
  readonly end: 'all' | 'some' | V2Failure;
  /** Why a network could not be read. It is one to look at again. */
  readonly unread: V2Failure | null;
}

/** Destinations that one drain takes in any case, however few networks there are. */
const MIN_DRAIN = 4096;

/**
 * Tells clients of changes of best routes. One observer serves all objects of a thread that are open on one table, and
 * lives in RTMv2 as an entity of its own as long as a client wants to be told.
 *
 * RTMv2 lists the destinations that have changed, several changes of one as one, and shows what is there now. What was
 * there before is in the shadow, and the difference of the two is the message: so nothing is told twice, whoever has
 * learned of it first, and what was taken back meanwhile is not told at all. A client's own call brings its outcome here
 * itself (`observe`), since that client alone must not be told of it.
 */
export class Observer {
  readonly #format: RouteFormat;
  readonly #audience = new Map<Client, Mailbox>();
  readonly #reading: RouteReading;
  /** Names a network that has no route. */
  readonly #network: Uint32Array;
  readonly #previous: Uint32Array;
  /** Networks that are still to be looked at, by name. */
  #unseen = new Map<number, Unseen>();
  #shadow: Shadow;
  #entity: Entity | undefined;
  #entityId: EntityId | undefined;
  /** The RTM_NOTIFY_HANDLE; 0 while RTM lists no changes. */
  #notification: Handle = 0;
  #isBehind = false;
  /** Whether RTM's list of changes has been read to its end. */
  #isListRead = true;
  /** Networks that were known when it had been, before the drains that have not come to its end. */
  #networks = 0;
  /** How often there was no memory for what is known of a network. */
  #shortages = 0;

  constructor(format: RouteFormat, owners: Owners) {
    this.#format = format;
    this.#reading = new RouteReading(format, owners);
    this.#network = newRoute(format);
    this.#previous = newRoute(format);
    this.#shadow = new Shadow(format);
  }

  /** Whether it follows the table. */
  get isWatching(): boolean {
    return this.#notification !== 0;
  }

  /** Whether RTM may list more changes than the last drain has taken. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  /** The entity that it watches with, as long as that is registered. */
  get entity(): Entity | undefined {
    return this.#entity;
  }

  /** The id of that entity, also after it has left. */
  get entityId(): EntityId | undefined {
    return this.#entityId;
  }

  /**
   * Makes sure that it follows the table, and is up to date: whoever joins next is told later changes only.
   *
   * @param register registers the entity to watch with, if there is none yet; by the id that it had before, if it had one
   */
  start(register: (former?: EntityId) => Entity | V2Failure): V2Failure | null {
    if (this.isWatching) {
      // A network that cannot be read is no reason to tell a client nothing of the others.
      const { end } = this.#readList();
      return typeof end === 'string' ? null : end;
    }
    // An entity without notification is one that could not be ended.
    const failure = this.#end() ?? this.#begin(register);
    if (failure !== null) this.rest();
    return failure;
  }

  /** Makes a client one of those that are told. */
  join(client: Client, mailbox: Mailbox): void {
    this.#audience.set(client, mailbox);
  }

  /** Tells a client nothing any more. The observer stays, for whoever joins: see `rest`. */
  leave(client: Client): void {
    this.#audience.delete(client);
  }

  /** Ends the entity if nobody is told any more. What cannot be ended is tried again by the next call. */
  rest(): void {
    if (this.#audience.size > 0 || this.#entity === undefined) return;
    if (this.#end() !== null) this.#end();
  }

  /**
   * Takes note of what a network's best route is, and tells the audience if that differs from what it was.
   *
   * @param best the best route; any route to the network if it has none
   * @param exempt a client that knows already
   * @returns false if there is no memory for it: then it is for the next drain
   */
  observe(best: Uint32Array, exists: boolean, exempt: Client | null): boolean {
    if (!this.isWatching) return true;
    const isNoted = this.#take(best, exists, exempt);
    if (!isNoted) this.#postpone(best, false);
    return isNoted;
  }

  /** Takes note of what was read as a network's best route, as `observe` does; `route` is any route to it. */
  observeReading(reading: RouteReading, route: Uint32Array, exempt: Client | null): boolean {
    if (!reading.isDeleted) return this.observe(reading.exists ? reading.words : route, reading.exists, exempt);
    // What has gone while it was read is listed as another change, but by which time is nowhere said.
    if (this.isWatching) this.#postpone(route, false);
    return true;
  }

  /**
   * Looks at every network that has changed since the last time, as far as RTM lists them by itself: at most about as
   * many as there are, so that it comes to an end also while other threads go on changing them. What a list without end
   * has told of does not count as being there: each drain would be longer than the one before.
   *
   * @returns why it had to stop; nothing is lost by that, and the next one goes on
   */
  drain(): V2Failure | null {
    const { end, unread } = this.#readList();
    return typeof end === 'string' ? unread : end;
  }

  #readList(): Walk {
    const entity = this.#entity;
    if (entity === undefined || !this.isWatching) return { end: 'all', unread: null };
    if (!entity.debts.isEmpty) entity.settle();
    if (this.#isListRead) this.#networks = this.#shadow.size;
    const most = MIN_DRAIN + 2 * this.#networks;
    const failure = this.#lookAgain(entity);
    const repetition = new Repetition();
    const { end, unread } = this.#lookAtEach(entity, {
      fetch: 'RtmGetChangedDests',
      from: this.#notification,
      most,
      judge: () => (repetition.note(this.#nameOf(this.#network)) ? 'some' : null),
    });
    this.#isListRead = end === 'all';
    this.#isBehind = !this.#isListRead || this.#unseen.size > 0;
    return { end, unread: failure ?? unread };
  }

  #begin(register: (former?: EntityId) => Entity | V2Failure): V2Failure | null {
    const entity = register(this.#entityId);
    if ('code' in entity) return entity;
    this.#entity = entity;
    this.#entityId = entity.id;
    // In this order a change that comes between the two is listed, whether or not the shadow has it already.
    return this.#listen(entity) ?? this.#fill(entity);
  }

  #listen({ calls, registration, workspace }: Entity): V2Failure | null {
    const cell = workspace.address + workspace.handleCell;
    workspace.setHandle(workspace.handleCell, 0);
    const code = calls.RtmRegisterForChangeNotification(registration, UCAST, CHANGE_TYPE_ALL, 0, cell);
    if (code !== V2.NO_ERROR) return { call: 'RtmRegisterForChangeNotification', code };
    this.#notification = workspace.handle(workspace.handleCell);
    return this.isWatching ? null : breach('RtmRegisterForChangeNotification', 'gives no handle');
  }

  /** Takes the present best routes into the shadow. There is nobody yet to be told. */
  #fill(entity: Entity): V2Failure | null {
    const enumeration = entity.enumerateDestinations(UCAST);
    if (typeof enumeration === 'object') return enumeration;
    const shortages = this.#shortages;
    const endless = entity.endlessCheck('destination');
    const { end } = this.#lookAtEach(entity, {
      fetch: 'RtmGetEnumDests',
      from: enumeration,
      most: Infinity,
      judge: (destination) => {
        const flaw = endless.note(destination, 1);
        return flaw === null ? null : breach('RtmGetEnumDests', flaw);
      },
    });
    endless.end();
    entity.deleteEnumeration(enumeration);
    if (typeof end !== 'string') return end;
    // The best route of some networks may have gone before it could be read: what there is now is the beginning. One
    // network that cannot be read at all is no reason to tell nothing of the others.
    this.#lookAgain(entity);
    // What there was no memory for would be told later as if it had come then.
    if (this.#shortages === shortages) return null;
    return outOfMemory('RtmGetEnumDests', 'tells more networks than there is memory for');
  }

  /** Ends notification and entity, or as much of them as RTM lets it. */
  #end(): V2Failure | null {
    const entity = this.#entity;
    if (entity === undefined) return null;
    const failure = this.#stopListening(entity) ?? entity.settleAll() ?? deregister(entity);
    if (failure !== null) return failure;
    this.#entity = undefined;
    this.#unseen.clear();
    this.#isListRead = true;
    this.#shadow = new Shadow(this.#format);
    return null;
  }

  #stopListening({ calls, registration }: Entity): V2Failure | null {
    if (!this.isWatching) return null;
    const code = calls.RtmDeregisterFromChangeNotification(registration, this.#notification);
    if (code !== V2.NO_ERROR && code !== V2.INVALID_HANDLE) return { call: 'RtmDeregisterFromChangeNotification', code };
    this.#notification = 0;
    return null;
  }

  /** Takes what is known of a network into the shadow and the mailboxes; false if there is no memory for it. */
  #take(best: Uint32Array, exists: boolean, exempt: Client | null): boolean {
    const slot = this.#shadow.find(best);
    const change = this.#changeTo(best, exists, slot);
    if (change !== RTM_NO_CHANGE && !this.#hasRoom()) return false;
    if (change === RTM_ROUTE_DELETED) this.#shadow.remove(best);
    else if (slot !== UNKNOWN) this.#shadow.replace(slot, best);
    else if (exists && !this.#shadow.add(best)) return false;
    if (change === RTM_NO_CHANGE) return true;
    for (const [client, mailbox] of this.#audience) {
      if (client !== exempt) mailbox.post(change, best, this.#previous);
    }
    return true;
  }

  #changeTo(best: Uint32Array, exists: boolean, slot: number): number {
    if (slot === UNKNOWN) return exists ? RTM_ROUTE_ADDED : RTM_NO_CHANGE;
    this.#shadow.read(slot, this.#previous);
    if (!exists) return RTM_ROUTE_DELETED;
    return differSignificantly(this.#format, this.#previous, best) ? RTM_ROUTE_CHANGED : RTM_NO_CHANGE;
  }

  #hasRoom(): boolean {
    for (const { queue } of this.#audience.values()) if (!queue.reserve()) return false;
    return true;
  }

  /** Remembers a route's network as one to look at. */
  #postpone(route: Uint32Array, isOld: boolean): void {
    this.#unseen.set(this.#nameOf(route), { route: route.slice(), isOld });
  }

  /** A number for each network: address and length of its prefix. */
  #nameOf(route: Uint32Array): number {
    return this.#format.address(route) + this.#format.prefixLength(route) * ADDRESSES;
  }

  /**
   * Looks once at each of the networks that could not be looked at before; some may be for the next time again.
   *
   * @returns why one of them cannot be read
   */
  #lookAgain(entity: Entity): V2Failure | null {
    const unseen = this.#unseen;
    const failed: [number, Unseen][] = [];
    let first: V2Failure | null = null;
    let failures = 0;
    this.#unseen = new Map();
    for (const [name, network] of unseen) {
      if (failures === MOST_FAILURES) {
        this.#unseen.set(name, network);
        continue;
      }
      const failure = this.#readNetwork(entity, network.route);
      failures = failure === null ? 0 : failures + 1;
      first ??= failure;
      if (failure === null) this.#note(network);
      else failed.push([name, network]);
    }
    // Behind the ones that were not tried, whose turn is next.
    for (const [name, network] of failed) this.#unseen.set(name, network);
    return first;
  }

  #readNetwork(entity: Entity, route: Uint32Array): V2Failure | null {
    entity.writePrefix(this.#format.address(route), this.#format.prefixLength(route));
    return this.#reading.readBest(entity);
  }

  /**
   * Takes destinations from RTM and looks at each. They are taken one at a time: no page is clear about how far apart
   * several lie.
   *
   */
  #lookAtEach(entity: Entity, { fetch, from, most, judge }: Source): Walk {
    const { registration, workspace } = entity;
    const { address, countCell, destInfos } = workspace;
    const call = entity.calls[fetch];
    let unread: V2Failure | null = null;
    let failures = 0;
    for (let taken = 0; taken < most; taken += 1) {
      entity.clearDestInfo(destInfos);
      workspace.setWord(countCell, 1);
      const code = call(registration, from, address + countCell, address + destInfos);
      const claimed = hasItems(code) ? workspace.word(countCell) : 0;
      const destination = claimed > 0 ? workspace.handle(destInfos + DEST_INFO.DestHandle) : 0;
      if (destination !== 0) {
        const failure = this.#lookAt(entity, fetch);
        const verdict = judge(destination);
        this.#release(entity, fetch, from);
        unread ??= failure;
        failures = failure === null ? 0 : failures + 1;
        if (failure !== null && failures === MOST_FAILURES) return { end: failure, unread };
        if (verdict !== null) return { end: verdict, unread };
      }
      if (code === V2.NO_MORE_ITEMS || (code === V2.NO_ERROR && claimed === 0)) return { end: 'all', unread };
      if (code !== V2.NO_ERROR) return { end: { call: fetch, code }, unread };
      if (destination === 0) return { end: breach(fetch, `counts ${claimed} items and writes none`), unread };
    }
    return { end: 'some', unread };
  }

  /** Looks at the destination in `workspace.destInfos`; it is remembered if that fails. */
  #lookAt(entity: Entity, fetch: V2Function): V2Failure | null {
    const { workspace } = entity;
    const { destInfos } = workspace;
    if (!isAddressOf(this.#format, workspace, destInfos + DEST_INFO.DestAddress)) {
      return breach(fetch, 'tells a destination that is none of the family');
    }
    readNetwork(workspace, destInfos + DEST_INFO.DestAddress, this.#format, this.#network);
    const hasView = workspace.word(destInfos + DEST_INFO.NumberOfViews) > 0;
    const best = hasView ? workspace.handle(viewInfoAt(destInfos, 0) + VIEW_INFO.Route) : 0;
    this.#reading.exists = best !== 0;
    this.#reading.isDeleted = false;
    const failure = best === 0 ? null : this.#reading.read(entity, best);
    if (failure === null) this.#note({ route: this.#network, isOld: false });
    else this.#postpone(this.#network, fetch === 'RtmGetEnumDests');
    return failure;
  }

  /** Takes note of what was read of a network. */
  #note({ route, isOld }: Unseen): void {
    const reading = this.#reading;
    const isLearned = isOld && reading.exists && !reading.isDeleted && this.#shadow.find(route) === UNKNOWN;
    const isNoted = isLearned ? this.#shadow.add(reading.words) : this.observeReading(reading, route, null);
    if (isNoted) return;
    this.#shortages += 1;
    if (isLearned) this.#postpone(route, true);
  }

  #release(entity: Entity, fetch: 'RtmGetChangedDests' | 'RtmGetEnumDests', from: Handle): void {
    const { calls, registration, workspace } = entity;
    const infos = workspace.address + workspace.destInfos;
    const code =
      fetch === 'RtmGetChangedDests'
        ? calls.RtmReleaseChangedDests(registration, from, 1, infos)
        : calls.RtmReleaseDests(registration, 1, infos);
    if (code !== V2.NO_ERROR) entity.oweDestInfo(workspace.destInfos);
  }
}

/** Deregisters an entity, which may be gone already. */
function deregister(entity: Entity): V2Failure | null {
  const code = entity.calls.RtmDeregisterEntity(entity.registration);
  if (code === V2.NO_ERROR || (code === V2.INVALID_HANDLE && entity.isGone())) return null;
  return { call: 'RtmDeregisterEntity', code };
}
