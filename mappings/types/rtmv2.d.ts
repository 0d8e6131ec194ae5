import type { Rtmv2Mapping } from '../../dist/mappings/index.js';

declare const mapping: Rtmv2Mapping;
export default mapping;
