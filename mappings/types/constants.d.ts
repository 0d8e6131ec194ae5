import type { ConstantsMapping } from '../../dist/mappings/index.js';

declare const mapping: ConstantsMapping;
export default mapping;
