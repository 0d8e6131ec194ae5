import type { StructuresMapping } from '../../dist/mappings/index.js';

declare const mapping: StructuresMapping;
export default mapping;
