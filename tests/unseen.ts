/** Text that must not be shown as it is: control, bidirectional and invisible characters; written independently of the source. */
import assert from "node:assert/strict";

/** An id that colours a terminal, reverses the text after it and rings the bell, and how it is shown. */
export const EVIL = "a\x1b[31mred\u202Eevil\x07", SEEN = "a\\x1b[31mred\\u{202e}evil\\x07";

/** Ranges of code points that are invisible or have an effect. */
export const UNSEEN: readonly [from: number, to: number][] = [
  [0x00, 0x1f], // C0
  [0x7f, 0x9f], // DEL, C1
  [0x61c, 0x61c],
  [0x180e, 0x180e],
  [0x200b, 0x200b],
  [0x200e, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0xd800, 0xdfff], // halves of pairs
  [0xfeff, 0xfeff],
  [0xfff9, 0xfffb],
  [0xe0000, 0xe007f], // tags
];

/** The characters of a text that are in these ranges. */
export const unseenIn = (text: string): string[] =>
  [...text].filter((char) => {
    const code = char.codePointAt(0)!;
    return UNSEEN.some(([from, to]) => code >= from && code <= to);
  });

/** Asserts that a shown text has no such characters except line ends, and that it shows {@link EVIL} in its visible form. */
export function assertVisible(shown: string): void {
  assert.deepEqual(unseenIn(shown.replaceAll("\n", "")), [], JSON.stringify(shown.slice(0, 2000)));
  assert(shown.includes(SEEN), JSON.stringify(shown.slice(0, 2000)));
}
