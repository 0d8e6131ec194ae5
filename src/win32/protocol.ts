const TYPE_SHIFT = 30;
const VENDOR_SHIFT = 16;

/** A vendor number of our own: the assigned ones are 0, 0x137 and 0x3FFF. */
const OWN_VENDOR = 0x2d1;

/**
 * routprot.h's PROTOCOL_ID(type, vendor, protocol): 2, 14 and 16 bits.
 */
export function protocolId(type: number, vendor: number, protocol: number): number {
  return ((type << TYPE_SHIFT) | (vendor << VENDOR_SHIFT) | protocol) >>> 0;
}

/** What the entities that we register for ourselves, without being asked to, call themselves. */
export const OWN_PROTOCOL = protocolId(0, OWN_VENDOR, 1);
