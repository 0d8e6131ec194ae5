import koffi from 'koffi';
import { expect, it } from 'vitest';
import { PROTO_IP_OSPF, PROTO_IP_RIP, RTM_NO_CHANGE, RTM_ROUTE_CHANGED } from '../../src/v1/constants.js';
import { wrapCalls } from '../../src/v2/calls.js';
import type { V2Library } from '../../src/v2/library.js';
import { ROUTE_INFO } from '../../src/v2/structures.js';
import { describeBackend } from '../support/backend.js';
import { add, best, enumerate, register, routeTo } from '../support/routes.js';

const POLICY = 100;

/** The same library, but it ranks routes by a policy of its own: whatever a client says, their preference is 100. */
function withPolicy(library: V2Library): V2Library {
  const calls = wrapCalls(library.calls, (name, call) => (...parameters) => {
    if (name === 'RtmAddRouteToDest') {
      koffi.encode(BigInt(Number(parameters[3]) + ROUTE_INFO.Preference), 'uint32_t', POLICY);
    }
    return call(...parameters);
  });
  return { ...library, calls };
}

describeBackend('embedded', ({ library, openOn }) => {
  it('shows the priority that RTM keeps, not the one that the client gave', () => {
    const rtm = openOn(withPolicy(library()));
    const client = register(rtm);
    for (const network of ['172.16.0.0/12', '10.0.0.0/8']) {
      const { current } = add(rtm, client, routeTo(network, { priority: 7 }));
      expect(current.RR_FamilySpecificData.FSD_Priority).toBe(POLICY);
    }
    expect(best(rtm, '10.0.0.0/8')?.RR_FamilySpecificData.FSD_Priority).toBe(POLICY);
    expect(enumerate(rtm)[0]?.RR_FamilySpecificData.FSD_Priority).toBe(POLICY);
  });

  it('finds nothing significant in a priority that RTM does not take over', () => {
    const rtm = openOn(withPolicy(library()));
    const client = register(rtm);
    add(rtm, client, routeTo('10.0.0.0/8', { priority: 7 }));
    expect(add(rtm, client, routeTo('10.0.0.0/8', { priority: 8 })).flags).toBe(RTM_NO_CHANGE);
    const change = add(rtm, client, routeTo('10.0.0.0/8', { priority: 9, metric: 2 }));
    expect(change.flags).toBe(RTM_ROUTE_CHANGED);
    expect(change.current.RR_FamilySpecificData.FSD_Priority).toBe(POLICY);
  });

  it('leaves the choice of the best route to RTM', () => {
    const rtm = openOn(withPolicy(library()));
    add(rtm, register(rtm, PROTO_IP_RIP), routeTo('10.0.0.0/8', { priority: 1, metric: 5 }));
    const change = add(rtm, register(rtm, PROTO_IP_OSPF), routeTo('10.0.0.0/8', { priority: 2, metric: 4 }));
    expect([change.flags, change.current.RR_RoutingProtocol]).toEqual([RTM_ROUTE_CHANGED, PROTO_IP_OSPF]);
  });
});
