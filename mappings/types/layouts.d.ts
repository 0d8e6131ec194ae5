import type { LayoutsMapping } from '../../dist/mappings/index.js';

declare const mapping: LayoutsMapping;
export default mapping;
