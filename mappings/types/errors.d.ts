import type { ErrorMapping } from '../../dist/mappings/index.js';

declare const mapping: ErrorMapping;
export default mapping;
