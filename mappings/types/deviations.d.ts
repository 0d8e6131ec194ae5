import type { DeviationsMapping } from '../../dist/mappings/index.js';

declare const mapping: DeviationsMapping;
export default mapping;
