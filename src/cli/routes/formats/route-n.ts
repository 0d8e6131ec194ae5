/** Linux: `route` and `route -n` of net-tools. */
import type { RouteFormat } from '../route-format.js';
import { hasNetstatColumns, isKernelTable, readKernelTable } from './kernel-ip-table.js';

export const format: RouteFormat = {
  recognises: (lines) => isKernelTable(lines) && !hasNetstatColumns(lines),
  read: readKernelTable,
};
