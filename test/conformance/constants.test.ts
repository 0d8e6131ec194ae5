import { expect } from 'vitest';
import * as rtm from '../../src/index.js';
import { conformance } from './support/suite.js';

conformance('constants', (_test, plainTest) => {
  plainTest('constants-families', () => {
    expect([rtm.RTM_PROTOCOL_FAMILY_IPX, rtm.RTM_PROTOCOL_FAMILY_IP]).toEqual([0, 1]);
  });

  plainTest('constants-single-route', () => {
    expect(rtm.RTM_PROTOCOL_SINGLE_ROUTE).toBe(1);
  });

  plainTest('constants-changes', () => {
    expect([rtm.RTM_CURRENT_BEST_ROUTE, rtm.RTM_PREVIOUS_BEST_ROUTE]).toEqual([1, 2]);
    expect([rtm.RTM_NO_CHANGE, rtm.RTM_ROUTE_ADDED, rtm.RTM_ROUTE_DELETED, rtm.RTM_ROUTE_CHANGED]).toEqual([0, 1, 2, 3]);
  });

  plainTest('constants-enumeration-flags', () => {
    const { RTM_ONLY_THIS_NETWORK, RTM_ONLY_THIS_INTERFACE, RTM_ONLY_THIS_PROTOCOL, RTM_ONLY_BEST_ROUTES } = rtm;
    expect([RTM_ONLY_THIS_NETWORK, RTM_ONLY_THIS_INTERFACE, RTM_ONLY_THIS_PROTOCOL, RTM_ONLY_BEST_ROUTES]).toEqual([1, 2, 4, 8]);
  });

  plainTest('constants-route-flags', () => {
    expect([rtm.IP_VALID_ROUTE, rtm.IPX_GLOBAL_CLIENT_WAN_ROUTE]).toEqual([1, 1]);
  });

  plainTest('constants-infinite', () => {
    expect(rtm.INFINITE).toBe(4294967295);
  });

  plainTest('constants-error-aliases', () => {
    const { ERROR_NO_MESSAGES, ERROR_NO_ROUTES, ERROR_NO_MORE_ROUTES, ERROR_NO_SUCH_ROUTE } = rtm;
    expect([ERROR_NO_MESSAGES, ERROR_NO_ROUTES, ERROR_NO_MORE_ROUTES, ERROR_NO_SUCH_ROUTE]).toEqual([259, 259, 259, 259]);
    expect([rtm.ERROR_MORE_MESSAGES, rtm.ERROR_CLIENT_ALREADY_EXISTS]).toEqual([234, 183]);
  });

  plainTest('constants-errors', () => {
    const { NO_ERROR, ERROR_INVALID_HANDLE, ERROR_NOT_ENOUGH_MEMORY, ERROR_INVALID_PARAMETER, ERROR_NO_SYSTEM_RESOURCES } = rtm;
    const codes = [NO_ERROR, ERROR_INVALID_HANDLE, ERROR_NOT_ENOUGH_MEMORY, ERROR_INVALID_PARAMETER, ERROR_NO_SYSTEM_RESOURCES];
    expect(codes).toEqual([0, 6, 8, 87, 1450]);
  });
});
