import koffi from 'koffi';
import { expect, it } from 'vitest';
import {
  ERROR_INVALID_PARAMETER,
  PROTO_IP_RIP,
  RTM_PROTOCOL_FAMILY_IP,
  RTM_PROTOCOL_FAMILY_IPX,
} from '../../src/v1/constants.js';
import { IpxNetwork } from '../../src/v1/ipx-route.js';
import { constant } from '../../src/win32/constants.js';
import type { V2Status } from '../../src/win32/status.js';
import { ENTITY_INFO } from '../../src/v2/structures.js';
import type { V2Library } from '../../src/v2/library.js';
import { describeBackend } from '../support/backend.js';
import { add, register, routeTo } from '../support/routes.js';

const AF_IPX = constant('AF_IPX');
const FILE_NOT_FOUND = constant('ERROR_FILE_NOT_FOUND') as V2Status;

/** The same library without IPX, as RTMv2 is documented. */
function withoutIpx(library: V2Library): V2Library {
  const { calls } = library;
  const register: typeof calls.RtmRegisterEntity = (info, ...others) => {
    const family: unknown = koffi.decode(BigInt(info + ENTITY_INFO.AddressFamily), 'uint16_t');
    return family === AF_IPX ? FILE_NOT_FOUND : calls.RtmRegisterEntity(info, ...others);
  };
  return { ...library, calls: { ...calls, RtmRegisterEntity: register } };
}

describeBackend('embedded', ({ library, openOn }) => {
  it('has IPX where RTMv2 has it, and says ERROR_INVALID_PARAMETER where it has not', () => {
    const rtm = openOn(withoutIpx(library()));
    for (const [result, nothing] of [
      [() => rtm.RtmRegisterClient(RTM_PROTOCOL_FAMILY_IPX, PROTO_IP_RIP, null, 0), 0],
      [() => rtm.RtmIsRoute(RTM_PROTOCOL_FAMILY_IPX, new IpxNetwork(), null), false],
      [() => rtm.RtmGetNetworkCount(RTM_PROTOCOL_FAMILY_IPX), 0],
      [() => rtm.RtmCreateEnumerationHandle(RTM_PROTOCOL_FAMILY_IPX, 0, null), 0],
    ] as const) {
      expect(result()).toBe(nothing);
      expect(rtm.GetLastError()).toBe(ERROR_INVALID_PARAMETER);
    }
    add(rtm, register(rtm), routeTo('10.0.0.0/8'));
    expect(rtm.RtmGetNetworkCount(RTM_PROTOCOL_FAMILY_IP)).toBe(1);
    expect(rtm.leftBehind().routes).toBe(1);
  });
});
