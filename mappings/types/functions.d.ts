import type { FunctionsMapping } from '../../dist/mappings/index.js';

declare const mapping: FunctionsMapping;
export default mapping;
