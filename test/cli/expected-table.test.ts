import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RTM_NO_CHANGE, RTM_ROUTE_ADDED, RTM_ROUTE_CHANGED } from '../../src/cli/changes.js';
import { ExpectedTable } from '../../src/cli/expected-table.js';
import { parseRouteText } from '../../src/cli/route-text.js';
import { RouteTable } from '../../src/cli/route-table.js';

/** Adds every line; gives the flags of each and the table afterwards. */
function added(...lines: string[]): { flags: number[]; table: ExpectedTable } {
  const { routes } = parseRouteText(Buffer.from(lines.join('\n')));
  const table = new ExpectedTable(routes);
  return { flags: lines.map((_, row) => table.add(row)), table };
}

describe('the flags of RtmAddRoute', () => {
  it('are ADDED for the first route of a network, whatever its prefix lies in', () => {
    expect(added('10.0.0.0/8', '10.0.0.0/16', '0.0.0.0/0').flags).toEqual(Array(3).fill(RTM_ROUTE_ADDED));
  });

  it('are CHANGED for a lower metric and NO_CHANGE for a higher one', () => {
    const { flags, table } = added('10.0.0.0/8 if 1 metric 5', '10.0.0.0/8 if 2 metric 4', '10.0.0.0/8 if 3 metric 9');
    expect(flags).toEqual([RTM_ROUTE_ADDED, RTM_ROUTE_CHANGED, RTM_NO_CHANGE]);
    expect(table.bestRowOf(0)).toBe(1);
  });

  it('are NO_CHANGE on a tie: the best route stays', () => {
    const { flags, table } = added('10.0.0.0/8 if 1 metric 5', '10.0.0.0/8 if 2 metric 5');
    expect(flags[1]).toBe(RTM_NO_CHANGE);
    expect(table.bestRowOf(0)).toBe(0);
  });

  it('are CHANGED for an update of the best route with another metric, NO_CHANGE with the same', () => {
    const { flags, table } = added('10.0.0.0/8 if 1 metric 5', '10.0.0.0/8 if 1 metric 7', '10.0.0.0/8 if 1 metric 7');
    expect(flags).toEqual([RTM_ROUTE_ADDED, RTM_ROUTE_CHANGED, RTM_NO_CHANGE]);
    expect([table.routeCount, table.networkCount, table.bestRowOf(0)]).toEqual([1, 1, 2]);
  });

  it('are CHANGED when the best route becomes worse than another, which follows it', () => {
    const { flags, table } = added('10.0.0.0/8 if 1 metric 5', '10.0.0.0/8 if 2 metric 6', '10.0.0.0/8 if 1 metric 7');
    expect(flags[2]).toBe(RTM_ROUTE_CHANGED);
    expect([table.previousBest, table.currentBest]).toEqual([0, 1]);
  });

  it('name the best route itself when it becomes as bad as another', () => {
    const { table } = added('10.0.0.0/8 if 1 metric 5', '10.0.0.0/8 if 2 metric 6', '10.0.0.0/8 if 1 metric 6');
    expect([table.previousBest, table.currentBest]).toEqual([0, 2]);
  });

  it('name the earliest of equals when the best route becomes worse than all', () => {
    const { table } = added(
      ...['10.0.0.0/8 if 1 metric 5', '10.0.0.0/8 if 2 metric 6', '10.0.0.0/8 if 3 metric 6'],
      '10.0.0.0/8 if 1 metric 7',
    );
    expect(table.bestRowOf(0)).toBe(1);
  });
});

describe('a best route that was displaced by another protocol', () => {
  it('comes back as the earliest added of the lowest ones, whichever was the best before', () => {
    const { table } = added('10.0.0.0/8 if 1 metric 7', '10.0.0.0/8 if 2 metric 5', '10.0.0.0/8 if 1 metric 5');
    expect(table.bestRowOf(0)).toBe(1);
    table.restoreBest(0);
    expect(table.bestRowOf(0)).toBe(2);
  });
});

describe('the expected table', () => {
  const row = fc.record({
    network: fc.constantFrom(0, 0x0a000000, 0x0b000000),
    length: fc.constantFrom(8, 16),
    nextHop: fc.nat(1),
    index: fc.nat(1),
    metric: fc.nat(3),
  });

  it('agrees with a list of routes that is searched from its beginning each time', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), (rows) => {
        const input = new RouteTable();
        rows.forEach(({ network, length, nextHop, index, metric }, line) => {
          input.push(network, length, nextHop, index, metric, line + 1);
        });
        const table = new ExpectedTable(input);
        const networks = new Map<string, { best: string; routes: Map<string, number> }>();
        rows.forEach(({ network, length, nextHop, index }, added) => {
          const key = `${network}/${length}`;
          const identity = `${nextHop} ${index}`;
          const known = networks.get(key) ?? { best: identity, routes: new Map<string, number>() };
          const metricOf = (route: string): number => rows[known.routes.get(route) ?? -1]?.metric ?? NaN;
          const before = { best: known.best, metric: metricOf(known.best) };
          known.routes.set(identity, added);
          const lowest = Math.min(...Array.from(known.routes.keys(), metricOf));
          if (metricOf(known.best) !== lowest) {
            known.best = Array.from(known.routes.keys()).find((route) => metricOf(route) === lowest) ?? '';
          }
          const isChanged = before.best !== known.best || before.metric !== metricOf(known.best);
          const flags = networks.has(key) ? (isChanged ? RTM_ROUTE_CHANGED : RTM_NO_CHANGE) : RTM_ROUTE_ADDED;
          networks.set(key, known);
          expect(table.add(added)).toBe(flags);
          expect(table.currentBest).toBe(known.routes.get(known.best));
        });
        expect(table.networkCount).toBe(networks.size);
        expect(table.routeCount).toBe(Array.from(networks.values()).reduce((sum, { routes }) => sum + routes.size, 0));
        rows.forEach(({ network, length, nextHop, index }) => {
          const route = table.find(network, length, index, nextHop);
          expect(table.rowOf(route)).toBe(networks.get(`${network}/${length}`)?.routes.get(`${nextHop} ${index}`));
        });
        expect(table.find(0x0c000000, 8, 0, 0)).toBe(-1);
        expect(table.hasNetwork(0x0c000000, 8)).toBe(false);
      }),
    );
  });
});
