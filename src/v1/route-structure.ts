import { offsetOf, sizeOf } from '../win32/abi.js';
import { type FileTime, ticksSince } from '../win32/filetime.js';
import { dwordStructure, Structure } from './structure.js';

const TICKS_PER_MS = 10_000n;

/** The instant in UTC to the millisecond. A FILETIME reaches beyond what a Date can tell, and 0 is none. */
function instant({ dwLowDateTime, dwHighDateTime }: FileTime): string {
  const time = new Date(-Number(ticksSince(dwLowDateTime, dwHighDateTime, 0) / TICKS_PER_MS));
  const isNone = dwLowDateTime === 0 && dwHighDateTime === 0;
  return isNone || Number.isNaN(time.getTime()) ? '' : time.toISOString();
}

const FileTimeView = dwordStructure('FILETIME', ['dwLowDateTime', 'dwHighDateTime'], instant);

/** What JSON has of the members that the route structures of all families share. */
export interface RouteStructureJson {
  /** 100 ns units since 1601-01-01 UTC, in two DWORDs. */
  readonly RR_TimeStamp: Readonly<Record<'dwLowDateTime' | 'dwHighDateTime', number>>;
  readonly RR_RoutingProtocol: number;
  readonly RR_InterfaceID: number;
  readonly RR_ProtocolSpecificData: { readonly PSD_Data: readonly number[] };
}

/** A PROTOCOL_SPECIFIC_DATA: 16 bytes that belong to the routing protocol. */
export interface ProtocolSpecificData {
  readonly PSD_Data: Uint32Array;
}

/** What the route structures of all families have in common. */
export abstract class RouteStructure<Json extends RouteStructureJson = RouteStructureJson> extends Structure<Json> {
  readonly #name: string;
  #timeStamp: InstanceType<typeof FileTimeView> | undefined;
  #protocolData: ProtocolSpecificData | undefined;

  /** Protocol that added the route. Written by the manager; RtmAddRoute and RtmDeleteRoute do not read it. */
  declare RR_RoutingProtocol: number;
  /** Index of the interface that the route goes over. */
  declare RR_InterfaceID: number;

  constructor(name: string, bytes: Uint8Array | undefined) {
    super(name, bytes);
    this.#name = name;
  }

  /** When the route was added or last updated: 100 ns units since 1601-01-01 UTC. Written by the manager. */
  get RR_TimeStamp(): InstanceType<typeof FileTimeView> {
    return (this.#timeStamp ??= new FileTimeView(this.member('RR_TimeStamp', 'FILETIME')));
  }

  /** 16 bytes that belong to the routing protocol; a difference in them alone is not significant. */
  get RR_ProtocolSpecificData(): ProtocolSpecificData {
    return (this.#protocolData ??= { PSD_Data: this.#protocolWords() });
  }

  /** The bytes of a member that is a structure itself. */
  protected member(name: string, structure: string): Uint8Array {
    const start = offsetOf(this.#name, name);
    return this.bytes.subarray(start, start + sizeOf(structure));
  }

  #protocolWords(): Uint32Array {
    const { buffer, byteOffset, byteLength } = this.member('RR_ProtocolSpecificData', 'PROTOCOL_SPECIFIC_DATA');
    return new Uint32Array(buffer, byteOffset, byteLength / Uint32Array.BYTES_PER_ELEMENT);
  }
}

/** Names of the DWORD members, for `defineDwords`: each class of route structures has accessors of its own for them. */
export const ROUTE_DWORDS = ['RR_RoutingProtocol', 'RR_InterfaceID'] as const;
