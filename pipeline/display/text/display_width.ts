/**
 * How many columns of a terminal a text takes.
 *
 * @module
 */

const ASCII = /^[ -~]*$/;

/** Columns that a terminal gives to `text`: wide (East Asian, emoji) characters take two, combining marks none. */
export function displayWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    width +=
      /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/u
          .test(segment)
        ? 2
        : 1;
  }
  return width;
}
