/**
 * Hints for encodings that other programs call by other names.
 *
 * @module
 */
import { ENCODINGS } from "./types.ts";

const UTF16_HINT = "UTF-16 is detected: leave --encoding out";

/** Short hints, by the name that was given. */
export const ENCODING_HINTS: Readonly<Record<string, string>> = {
  ...{ "utf8": "it is written utf-8", "utf-8-sig": "utf-8, with or without its byte-order mark" },
  ...Object.fromEntries(
    ["utf-16", "utf16", "utf-16le", "utf-16be", "unicode"].map((name) => [name, UTF16_HINT]),
  ),
  ...{ "gb2312": "gbk holds it", "cp936": "it is called gbk", "big5-hkscs": "it is called big5" },
  ...{ "sjis": "it is written shift_jis", "cp932": "it is called shift_jis" },
  ...{ "windows-31j": "it is called shift_jis", "cp949": "it is called euc-kr" },
  ...{ "iso-8859-1": "it is called latin1", "iso-8859-2": "it is called latin2" },
  ...{ "latin9": "it is called iso-8859-15", "ansi": "windows-1252 in the West, gbk in China" },
  ...Object.fromEntries(
    ENCODINGS.filter((name) => name.startsWith("windows-"))
      .map((name) => [name.replace("windows-", "cp"), `it is written ${name}`]),
  ),
};
