/**
 * The number of terminal columns that a text takes.
 *
 * @module
 */

const ASCII = /^[ -~]*$/;
/** East Asian letters of all planes, full-width forms, and emoji that are drawn as pictures. */
const WIDE =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{17000}-\u{18cff}\u{1aff0}-\u{1b2ff}\u{20000}-\u{3fffd}]/u;
/** Characters above, below or within another letter. */
const WITHOUT_ROOM = /[\p{Mn}\p{Me}\p{Cf}]/gu;
const segmenter = new Intl.Segmenter();

/** Returns the columns that `text` takes on a terminal: wide (East Asian, emoji) characters take two, combining marks none. */
export function displayWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += lettersWidth(segment);
  return width;
}

/** Columns of one perceived letter; in scripts of India and Thailand it can consist of several characters side by side. */
function lettersWidth(segment: string): number {
  return WIDE.test(segment) ? 2 : Array.from(segment.replace(WITHOUT_ROOM, "")).length;
}
