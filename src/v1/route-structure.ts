import { offsetOf, sizeOf } from '../win32/abi.js';
import { dwordStructure, Structure } from './structure.js';

const FileTimeView = dwordStructure('FILETIME', ['dwLowDateTime', 'dwHighDateTime']);

/** A PROTOCOL_SPECIFIC_DATA: 16 bytes that belong to the routing protocol. */
export interface ProtocolSpecificData {
  readonly PSD_Data: Uint32Array;
}

/** What the route structures of all families have in common. */
export abstract class RouteStructure extends Structure {
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
