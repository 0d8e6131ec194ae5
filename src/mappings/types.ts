/**
 * The data of `mappings/` as types. Each file has a JSON Schema beside it with the same rules; where a text names a
 * page, it is the last part of the address of a page of Microsoft's documentation, or the name of a header.
 */

/** A name of a v2 function, or a group of them that is repeated for each route, next hop or the like. */
export type CallStep = string | { readonly each: string; readonly calls: readonly string[] };

/** A parameter of a v1 function. */
export interface ParameterRow {
  readonly name: string;
  /** As the header spells it. */
  readonly type: string;
  readonly direction: 'in' | 'out' | 'inout';
  /** NULL is allowed. */
  readonly optional?: true;
  readonly unit?: string;
  readonly byteOrder?: string;
  /** Largest value besides INFINITE. */
  readonly maximum?: number;
  readonly meaning: string;
  /** Where it goes in v2. */
  readonly v2: string;
}

/** A code that the page of a v1 function documents, and what tells the same in v2. */
export interface CodeRow {
  readonly name: string;
  readonly meaning: string;
  readonly v2: string;
}

/** A v2 function that the v1 layer of this package calls for a v1 function. */
export interface UseRow {
  readonly call: string;
  /** Values of parameters: names of constants joined by `|`, NULL, FALSE, TRUE or a number. */
  readonly with?: Readonly<Record<string, string>>;
  readonly for: string;
}

/** What follows where one call of a sequence fails. */
export interface FailureRow {
  readonly at: string;
  /** Which of several calls of it; the first if omitted. */
  readonly nth?: number;
  /** What it answers, where that makes a difference; ERROR_NO_SYSTEM_RESOURCES if omitted. */
  readonly code?: string;
  /** The calls after the failure. */
  readonly then: readonly CallStep[];
  /** Win32 name of what the v1 function reports. */
  readonly gives: string;
}

/** The v2 calls that the v1 layer of this package makes in one situation. */
export interface PathRow {
  readonly when: string;
  readonly gives: string;
  readonly calls: readonly CallStep[];
  readonly failures: readonly FailureRow[];
  /** Calls whose failure changes nothing: what they would have given back is given back later. */
  readonly withoutEffect: readonly string[];
}

/** A function of Rtm.h. */
export interface V1FunctionRow {
  readonly name: string;
  readonly page: string;
  readonly summary: string;
  readonly result: {
    readonly type: string;
    /** Where a code is told. */
    readonly reports: 'result' | 'last error';
    /** The result that sends the caller to the last error. */
    readonly failure: string | null;
    readonly meaning: string;
  };
  readonly parameters: readonly ParameterRow[];
  readonly codes: readonly CodeRow[];
  readonly category: 'one call' | 'call sequence' | 'own bookkeeping';
  /** What takes its place, in one sentence. */
  readonly instead: string;
  /** What the caller must do that v1 did for it. */
  readonly duties: readonly string[];
  /** Mistakes that are easy to make. */
  readonly beware: readonly string[];
  readonly uses: readonly UseRow[];
  readonly paths: readonly PathRow[];
}

/** A macro of Rtm.h. */
export interface MacroRow {
  readonly name: string;
  readonly page: string;
  readonly parameters: readonly string[];
  readonly is: string;
  readonly category: 'call sequence' | 'own bookkeeping' | 'not needed';
  readonly v2: string;
  readonly beware: string;
}

/** A parameter of a v2 function, a callback or a function of the embedded library; a header has its type. */
export interface V2ParameterRow {
  readonly name: string;
  readonly direction: 'in' | 'out' | 'inout';
  /** NULL is allowed. */
  readonly optional?: true;
  readonly unit?: string;
  /** The values that are allowed. */
  readonly limits?: string;
  readonly byteOrder?: string;
  readonly meaning: string;
}

/** A code that a v2 function reports. */
export interface V2CodeRow {
  readonly name: string;
  readonly meaning: string;
}

/** A function of Rtmv2.h. */
export interface V2FunctionRow {
  readonly name: string;
  readonly page: string;
  readonly what: string;
  readonly parameters: readonly V2ParameterRow[];
  /** The codes that its page documents besides NO_ERROR. */
  readonly codes: readonly V2CodeRow[];
  /** Mistakes that are easy to make. */
  readonly beware: readonly string[];
  /** What the caller has to give back. */
  readonly handsOut?: string;
  readonly givenBackBy?: string;
  /** The handle that must not be released afterwards. */
  readonly consumes?: string;
  /** Why no v1 function comes to call it here. */
  readonly notNeeded?: string;
}

/** `mappings/functions.json`. */
export interface FunctionsMapping {
  readonly functions: readonly V1FunctionRow[];
  readonly macros: readonly MacroRow[];
  readonly v2: readonly V2FunctionRow[];
}

/** A member of a structure of Rtm.h. */
export interface MemberRow {
  readonly structure: string;
  readonly member: string;
  readonly page: string;
  readonly meaning: string;
  readonly category: 'lossless' | 'renamed' | 'renumbered' | 'synthesised' | 'divided' | 'no equivalent';
  /** The member of a structure of Rtmv2.h, then the member of that one. */
  readonly v2: readonly string[];
  /** How to get it there, or where to keep it. */
  readonly how: string;
  readonly unit?: string;
  readonly byteOrder?: string;
  /** NumBits of the RTM_NET_ADDRESS that it goes into. */
  readonly bits?: number;
  /** The bits that there is room for. */
  readonly mask?: number;
  /** For renumbered members: numbers of v1 with their v2 number or constant. */
  readonly values?: readonly { readonly v1: number; readonly v2: number | string }[];
  readonly beware?: string;
}

/** `mappings/structures.json`. */
export interface StructuresMapping {
  readonly rows: readonly MemberRow[];
}

/** A constant of version 1. */
export interface V1ConstantRow {
  /** A name, or the beginning of several with a `*` behind it. */
  readonly name: string;
  readonly header: 'Rtm.h' | 'winerror.h' | 'winbase.h' | 'routprot.h';
  readonly page: string;
  readonly is: string;
  readonly category: 'the same' | 'renamed' | 'renumbered' | 'synthesised' | 'no equivalent' | 'not in version 1';
  readonly v2: string;
  readonly beware?: string;
}

/** `mappings/v1-constants.json`. */
export interface V1ConstantsMapping {
  readonly rows: readonly V1ConstantRow[];
}

/** A constant of Rtmv2.h. */
export interface V2ConstantRow {
  readonly name: string;
  readonly is: string;
  readonly page: string;
  readonly beware?: string;
}

/** A type of Rtmv2.h that is no structure; a callback has parameters. */
export interface V2TypeRow {
  readonly name: string;
  /** Pointers to it, its tag, and what other headers call it. */
  readonly otherNames?: readonly string[];
  readonly declaration: string;
  readonly is: string;
  readonly page: string;
  /** What version 1 had in its place. */
  readonly v1: string;
  readonly parameters?: readonly V2ParameterRow[];
  /** What a callback returns. */
  readonly result?: string;
  readonly beware?: readonly string[];
}

/** A macro of Rtmv2.h. */
export interface V2MacroRow {
  readonly name: string;
  readonly parameters: readonly { readonly name: string; readonly meaning: string }[];
  readonly is: string;
  readonly page: string;
  readonly beware?: readonly string[];
}

/** A structure of Rtmv2.h; layouts.json has sizes and offsets. */
export interface V2StructureRow {
  readonly name: string;
  readonly is: string;
  readonly page: string;
}

/** A member of a structure of Rtmv2.h. */
export interface V2MemberRow {
  readonly structure: string;
  readonly member: string;
  readonly meaning: string;
  readonly unit?: string;
  readonly byteOrder?: string;
}

/** A function that the embedded library exports besides the documented ones. */
export interface DiagnosticRow {
  readonly name: string;
  readonly declaration: string;
  readonly is: string;
  readonly parameters: readonly V2ParameterRow[];
  readonly codes: readonly V2CodeRow[];
  readonly beware: readonly string[];
}

/** `mappings/rtmv2.json`. */
export interface Rtmv2Mapping {
  readonly constants: readonly V2ConstantRow[];
  readonly types: readonly V2TypeRow[];
  readonly macros: readonly V2MacroRow[];
  readonly structures: readonly V2StructureRow[];
  readonly members: readonly V2MemberRow[];
  readonly diagnostics: readonly DiagnosticRow[];
}

/** A question that many functions raise. */
export interface NoteRow {
  readonly title: string;
  readonly text: string;
  readonly page: string;
  /** Numbers of rows of deviations.json that say more. */
  readonly deviations: readonly number[];
  readonly functions: readonly string[];
}

/** `mappings/notes.json`. */
export interface NotesMapping {
  readonly rows: readonly NoteRow[];
}

/** `mappings/constants.json`: the number behind each C name. */
export type ConstantsMapping = Readonly<Record<string, number>>;

/** A decision of this project, or a departure from the documentation. */
export interface DeviationRow {
  readonly id: number;
  readonly subject: string;
  readonly documentation: string;
  readonly behaviour: string;
  readonly why: string;
  readonly basis: 'documented' | 'seen' | 'inferred';
  readonly page: string;
  readonly test: { readonly file: string; readonly name: string };
  /** Codes that a function reports although its page does not name them. */
  readonly undocumentedCodes?: readonly { readonly function: string; readonly code: number }[];
}

/** `mappings/deviations.json`. */
export interface DeviationsMapping {
  readonly rows: readonly DeviationRow[];
}

/** Size and members of a structure on one architecture. */
export interface LayoutRow {
  readonly size: number;
  readonly align: number;
  readonly fields: readonly { readonly name: string; readonly offset: number; readonly size: number; readonly type: string }[];
}

/** `mappings/layouts.json`. */
export type LayoutsMapping = Readonly<Record<string, { readonly x64: LayoutRow; readonly x86: LayoutRow }>>;
