import { describe, expect, it } from 'vitest';
import * as surface from '../../src/index.js';
import { constants } from '../../src/win32/constants.js';

const exported: Readonly<Record<string, unknown>> = { ...surface };

describe('the public surface', () => {
  it('exports the functions of Rtm.h that this version has', () => {
    const functions = Object.keys(exported).filter((name) => /^(Rtm[A-Z][a-zA-Z]+|GetLastError)$/.test(name));
    const classes = ['RtmIpRoute', 'RtmIpxRoute', 'RtmClient', 'RtmError'];
    expect(functions.filter((name) => !classes.includes(name)).sort()).toEqual([
      'GetLastError',
      'RtmAddRoute',
      'RtmBlockDeleteRoutes',
      'RtmCloseEnumerationHandle',
      'RtmCreateEnumerationHandle',
      'RtmDeleteRoute',
      'RtmDequeueRouteChangeMessage',
      'RtmDeregisterClient',
      'RtmEnumerateGetNextRoute',
      'RtmGetFirstRoute',
      'RtmGetNetworkCount',
      'RtmGetNextRoute',
      'RtmGetRouteAge',
      'RtmGetSpecificRoute',
      'RtmIsRoute',
      'RtmLookupIPDestination',
      'RtmRegisterClient',
    ]);
  });

  it('exports every constant of Rtm.h and the protocols of routprot.h, with their numbers', () => {
    const names = Object.keys(constants);
    const ofRtm = names.slice(0, names.indexOf('RTM_MAX_ADDRESS_SIZE'));
    const protocols = names.filter((name) => /^(PROTO_IP|MS_IP|IPX_PROTOCOL)_/.test(name));
    expect(ofRtm).toContain('RTM_PROTOCOL_SINGLE_ROUTE');
    for (const name of [...ofRtm, ...protocols]) expect(exported[name], name).toBe(constants[name]);
  });

  it('exports no number that is not a constant of a header', () => {
    const numbers = Object.entries(exported).filter(([, value]) => typeof value === 'number');
    for (const [name, value] of numbers) expect(constants[name], name).toBe(value);
  });
});
