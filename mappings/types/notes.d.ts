import type { NotesMapping } from '../../dist/mappings/index.js';

declare const mapping: NotesMapping;
export default mapping;
