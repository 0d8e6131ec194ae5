/** Input as people have it: packed by gzip, in UTF-16 as Windows writes it, with or without a byte order mark. */
import { promisify, stripVTControlCharacters } from 'node:util';
import { gunzip } from 'node:zlib';

/** Programs that unpack to standard output, by the bytes that their files begin with. */
const PACKERS = [
  { magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], name: 'xz', unpack: 'xz -dc' },
  { magic: [0x42, 0x5a, 0x68], name: 'bzip2', unpack: 'bzip2 -dc' },
  { magic: [0x28, 0xb5, 0x2f, 0xfd], name: 'zstd', unpack: 'zstd -dc' },
  { magic: [0x04, 0x22, 0x4d, 0x18], name: 'lz4', unpack: 'lz4 -dc' },
  { magic: [0x50, 0x4b, 0x03, 0x04], name: 'zip', unpack: 'unzip -p' },
] as const;
const GZIP = [0x1f, 0x8b];
const UTF8_MARK = [0xef, 0xbb, 0xbf];
const UTF16LE_MARK = [0xff, 0xfe];
const UTF16BE_MARK = [0xfe, 0xff];

/** So many bytes show the encoding of a text without a mark. */
const SAMPLE = 4096;

/** Marks of a quotation in a mail, one for each time that a line was quoted. */
const QUOTATION = /^(?:> ?)+/gm;
const UNQUOTE = "sed -E 's/^(> ?)+//'";

/** Lines longer than this are of no listing. */
const LONGEST_LINE = 4096;
const SHOWN_OF_LONG_LINE = 60;

/** What packed a file that is not unpacked here, and the program that unpacks it; undefined for any other file. */
export function packerOf(bytes: Uint8Array): { readonly name: string; readonly unpack: string } | undefined {
  return PACKERS.find(({ magic }) => beginsWith(bytes, magic));
}

/**
 * Unpacks gzip, and leaves anything else as it is.
 *
 * @throws {Error} where the gzip data is damaged or cut short
 */
export async function unpacked(bytes: Uint8Array): Promise<Uint8Array> {
  return beginsWith(bytes, GZIP) ? promisify(gunzip)(bytes) : bytes;
}

/**
 * The programs that turn an input into UTF-8, in order.
 *
 * @param content what the bytes are unpacked
 */
export function decodersOf(bytes: Uint8Array, content: Uint8Array): readonly string[] {
  const encoding = utf16Of(content)?.toUpperCase();
  return [
    ...(beginsWith(bytes, GZIP) ? ['gzip -dc'] : []),
    ...(encoding === undefined ? [] : [`iconv -f ${encoding} -t UTF-8`]),
    ...(isQuoted(asUtf8(content)) ? [UNQUOTE] : []),
  ];
}

/** The text in UTF-8, without a byte order mark. */
export function asUtf8(text: Uint8Array): Uint8Array {
  if (beginsWith(text, UTF8_MARK)) return text.subarray(UTF8_MARK.length);
  const encoding = utf16Of(text);
  return encoding === undefined ? text : Buffer.from(new TextDecoder(encoding).decode(text));
}

/** The text without the marks of a quotation before its lines, where the beginning of it has them. */
export function unquoted(text: Uint8Array): Uint8Array {
  return isQuoted(text) ? Buffer.from(latin1(text).replace(QUOTATION, ''), 'latin1') : text;
}

function isQuoted(text: Uint8Array): boolean {
  return latin1(text.subarray(0, SAMPLE)).search(QUOTATION) >= 0;
}

/** A character for each octet, as a listing may be in any encoding. */
function latin1(text: Uint8Array): string {
  return Buffer.from(text.buffer, text.byteOffset, text.length).toString('latin1');
}

/** The lines of a text in UTF-8, without colours; of another encoding, the letters of ASCII are right. */
export function linesOf(text: Uint8Array): string[] {
  return stripVTControlCharacters(new TextDecoder().decode(text))
    .split(/\r?\n/)
    .map(shortened);
}

/** A line too long to be of a listing, so short that no pattern takes long over it. */
function shortened(line: string): string {
  return line.length > LONGEST_LINE ? `${line.slice(0, SHOWN_OF_LONG_LINE)}...` : line;
}

function utf16Of(text: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (beginsWith(text, UTF16LE_MARK)) return 'utf-16le';
  if (beginsWith(text, UTF16BE_MARK)) return 'utf-16be';
  const sample = text.subarray(0, SAMPLE);
  if (!sample.includes(0)) return undefined;
  // Digits, dots and blanks have a zero octet beside each in UTF-16, and no text has one otherwise.
  const zerosAt = (parity: number): number => sample.filter((byte, at) => byte === 0 && at % 2 === parity).length;
  return zerosAt(1) > zerosAt(0) ? 'utf-16le' : 'utf-16be';
}

function beginsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}
