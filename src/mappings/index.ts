/** What version 1 is in terms of version 2, as data: the files of `mappings/`, typed. */
import type { ErrorMapping } from '../translate/errors.js';
import { mapping } from '../win32/mapping.js';
import type {
  ConstantsMapping,
  DeviationsMapping,
  FunctionsMapping,
  LayoutsMapping,
  NotesMapping,
  Rtmv2Mapping,
  StructuresMapping,
  V1ConstantsMapping,
} from './types.js';

export type { DocumentedCodes, ErrorMapping, ErrorRow } from '../translate/errors.js';
export type * from './types.js';

/** The functions and macros of Rtm.h with what takes their place, and the functions of Rtmv2.h. */
export const functions = mapping('functions.json') as FunctionsMapping;

/** The members of the structures of Rtm.h, and where their content lives in RTMv2. */
export const structures = mapping('structures.json') as StructuresMapping;

/** What the constants of version 1 mean, and what takes their place. */
export const v1Constants = mapping('v1-constants.json') as V1ConstantsMapping;

/** What the constants, types, macros and members of Rtmv2.h are for, and what the embedded library exports besides. */
export const rtmv2 = mapping('rtmv2.json') as Rtmv2Mapping;

/** Questions that many functions raise. */
export const notes = mapping('notes.json') as NotesMapping;

/** The number behind each C name. */
export const constants = mapping('constants.json') as ConstantsMapping;

/** Which v2 failure becomes which v1 code. */
export const errors = mapping('errors.json') as ErrorMapping;

/** Where this project decided what the documentation leaves open, or departs from it. */
export const deviations = mapping('deviations.json') as DeviationsMapping;

/** Sizes and offsets of the structures of both headers, for x64 and x86. */
export const layouts = mapping('layouts.json') as LayoutsMapping;
