import type { V1ConstantsMapping } from '../../dist/mappings/index.js';

declare const mapping: V1ConstantsMapping;
export default mapping;
