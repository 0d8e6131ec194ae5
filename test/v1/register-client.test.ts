import { expect, it } from 'vitest';
import {
  ERROR_CLIENT_ALREADY_EXISTS,
  ERROR_INVALID_HANDLE,
  ERROR_INVALID_PARAMETER,
  NO_ERROR,
  PROTO_IP_OSPF,
  PROTO_IP_RIP,
  RTM_PROTOCOL_FAMILY_IP,
  RTM_PROTOCOL_SINGLE_ROUTE,
} from '../../src/v1/constants.js';
import { describeEveryBackend } from '../support/backend.js';
import { add, best, register, routeTo } from '../support/routes.js';

describeEveryBackend(({ open }) => {
  it('registers clients of several protocols', () => {
    const rtm = open();
    const clients = [register(rtm, PROTO_IP_RIP), register(rtm, PROTO_IP_OSPF, RTM_PROTOCOL_SINGLE_ROUTE)];
    expect(new Set(clients).size).toBe(2);
    expect(rtm.leftBehind().entities).toBe(2);
  });

  it('accepts protocol numbers that RTMv2 gives a meaning of its own', () => {
    const rtm = open();
    for (const protocol of [0, 0xffffffff]) {
      const client = register(rtm, protocol);
      add(rtm, client, routeTo('10.0.0.0/8'));
      expect(best(rtm, '10.0.0.0/8')?.RR_RoutingProtocol).toBe(protocol);
      expect(rtm.RtmDeregisterClient(client)).toBe(NO_ERROR);
    }
  });

  it('keeps one client for each protocol', () => {
    const rtm = open();
    const client = register(rtm);
    expect(rtm.RtmRegisterClient(RTM_PROTOCOL_FAMILY_IP, PROTO_IP_RIP, null, 0)).toBe(0);
    expect(rtm.GetLastError()).toBe(ERROR_CLIENT_ALREADY_EXISTS);
    expect(rtm.RtmDeregisterClient(client)).toBe(NO_ERROR);
    expect(rtm.RtmRegisterClient(RTM_PROTOCOL_FAMILY_IP, PROTO_IP_RIP, null, 0)).not.toBe(0);
  });

  it('keeps one client for each protocol among all objects on one table', () => {
    const [one, other] = [open(), open()];
    register(one);
    expect(other.RtmRegisterClient(RTM_PROTOCOL_FAMILY_IP, PROTO_IP_RIP, null, 0)).toBe(0);
    expect(other.GetLastError()).toBe(ERROR_CLIENT_ALREADY_EXISTS);
  });

  it.each([
    ['an unknown family', [2, PROTO_IP_RIP, null, 0]],
    ['an unknown flag', [RTM_PROTOCOL_FAMILY_IP, PROTO_IP_RIP, null, 2]],
    ['a protocol that is no DWORD', [RTM_PROTOCOL_FAMILY_IP, -1, null, 0]],
    ['an event', [RTM_PROTOCOL_FAMILY_IP, PROTO_IP_RIP, 4, 0]],
  ])('refuses %s', (_what, parameters) => {
    const rtm = open();
    const [family, protocol, event, flags] = parameters as [number, number, null, number];
    expect(rtm.RtmRegisterClient(family, protocol, event, flags)).toBe(0);
    expect(rtm.GetLastError()).toBe(ERROR_INVALID_PARAMETER);
  });

  it('leaves the last error of a success alone', () => {
    const rtm = open();
    rtm.RtmRegisterClient(2, PROTO_IP_RIP, null, 0);
    register(rtm);
    expect(rtm.GetLastError()).toBe(ERROR_INVALID_PARAMETER);
  });

  it('never makes a closed handle valid again', () => {
    const rtm = open();
    const first = register(rtm);
    expect(rtm.RtmDeregisterClient(first)).toBe(NO_ERROR);
    const second = register(rtm);
    expect(second).not.toBe(first);
    expect(rtm.RtmDeregisterClient(first)).toBe(ERROR_INVALID_HANDLE);
    expect(rtm.RtmDeregisterClient(second)).toBe(NO_ERROR);
  });

  it('does not take a handle of another object', () => {
    const [one, other] = [open(), open()];
    const client = register(one);
    expect(other.RtmDeregisterClient(client)).toBe(ERROR_INVALID_HANDLE);
    expect(one.RtmDeregisterClient(client)).toBe(NO_ERROR);
  });
});
