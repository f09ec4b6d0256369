/**
 * Times in a format of the data's own: `%d.%m.%Y %H:%M`, in the words of `strptime`, becomes replacements that make ISO 8601 of a text.
 * Each engine has a `strptime`, but no two take the same texts; replacements are the same everywhere, and so are the datasets.
 *
 * @module
 */
import { InputError } from "../contract/errors.ts";
import { firstRepeated } from "../contract/options/first_repeated.ts";

/** What a part of a text becomes. */
export interface Replacement {
  /** Which part; in what the regular expressions of JavaScript, Rust, Java and RE2 have in common. */
  pattern: RegExp;
  /** What stands there then: texts, and by their numbers, from 1, what groups hold. */
  parts: readonly (string | number)[];
}

/** A format that was understood. */
export interface TimeFormat {
  /** As it was given. */
  text: string;
  /** How texts of this format look. */
  look: RegExp;
  /** One after the other they make an ISO 8601 date of such a text, without space around it: `2024-05-01T10:00:00`, perhaps a fraction, perhaps a zone. */
  replacements: readonly Replacement[];
  /** Whether a zone ends it, as `+02:00`; without one times are UTC. */
  zoned: boolean;
}

/** What a format says of a time, by the letters that a message names. */
const FIELDS = {
  year: "%Y",
  month: "%m",
  day: "%d",
  hour: "%H",
  minute: "%M",
  second: "%S",
  fraction: "%f",
  zone: "%z",
};
type Field = keyof typeof FIELDS;

/** A piece of a format. */
interface Piece {
  /** What it looks like; a group where it says something. */
  look: string;
  field?: Field;
  /** How it may look where no digit stands beside it: of two digits the first is left out. */
  short?: string;
  /** How it looks after a replacement, where the look is another then; a group, too. */
  made?: string;
}

const number = (field: Field, look: string, short?: string): Piece => ({ look: `(${look})`, field, short });
const text = (look: string): Piece => ({ look: `(?:${look})` });

const anyCase = (word: string) => Array.from(word, (letter) => `[${letter.toUpperCase()}${letter}]`).join("");
/** Names of months, whole or of three letters, September's of four too. */
const MONTHS = [
  ...["january", "february", "march", "april", "may", "june", "july", "august", "september"],
  ...["october", "november", "december"],
].map((name) => {
  const short = anyCase(name.slice(0, 3)), ends = [name.slice(3), ...(name === "september" ? ["t"] : [])];
  return name === "may" ? short : `${short}(?:${ends.map(anyCase).join("|")})?`;
});
/** In English, and as spreadsheets write them in Chinese, Japanese, Korean and Arabic. */
const AM = "(?:[Aa]\\.?[Mm]\\.?|上午|午前|오전|ص)", PM = "(?:[Pp]\\.?[Mm]\\.?|下午|午後|오후|م)";

/** What letters behind `%` mean, as in `strptime` of C and Python. Names of days and months are English. */
const PIECES: Readonly<Record<string, Piece>> = {
  Y: number("year", "[0-9]{4}"),
  y: { ...number("year", "[0-9]{2}"), made: "([0-9]{4}|[0-9]{2})" },
  m: number("month", "0[1-9]|1[0-2]", "[1-9]"),
  b: { ...number("month", MONTHS.join("|")), made: `(0[1-9]|1[0-2]|${MONTHS.join("|")})` },
  d: number("day", "0[1-9]|[12][0-9]|3[01]", "[1-9]"),
  H: number("hour", "[01][0-9]|2[0-3]", "[0-9]"),
  I: { ...number("hour", "0[1-9]|1[0-2]", "[1-9]"), made: "(0[0-9]|1[0-2]|[1-9])" },
  M: number("minute", "[0-5][0-9]", "[0-9]"),
  S: number("second", "[0-5][0-9]", "[0-9]"),
  f: number("fraction", "[0-9]{1,9}"),
  p: text(`${AM}|${PM}`),
  z: {
    ...number("zone", "[+-](?:0[0-9]|1[0-4]):?[0-5][0-9]|Z"),
    made: `([+-](?:0[0-9]|1[0-4]):?[0-5][0-9])`,
  },
  Z: text("UTC|GMT|Z"),
  a: text("[A-Za-z]+"),
  "%": text("%"),
};
/** What a space of a format stands for: C pads days with one more, and JavaScript puts a narrow one before AM and PM. */
const SPACES = "[ \u00a0\u202f]+";
const ALIASES: Readonly<Record<string, string>> = {
  ...{ A: "%a", B: "%b", h: "%b", e: "%d" },
  ...{ F: "%Y-%m-%d", D: "%m/%d/%y", T: "%H:%M:%S", R: "%H:%M" },
};

/**
 * Reads a format. Of days, months, hours, minutes and seconds the first digit may be missing where it is zero and no other digit stands
 * beside. Times without a zone are UTC.
 *
 * @param what What is written so, for messages.
 * @throws {InputError} if it does not say year, month and day, or says what cannot be read.
 */
export function parseTimeFormat(format: string, what = "times by --time-format"): TimeFormat {
  const refuse = (why: string) => new InputError(`Cannot read ${what} "${format}": ${why}`);
  const pieces = piecesOf(format, refuse);
  checkPieces(pieces, refuse);
  const given = pieces.map((piece, i) =>
    isShort(pieces, i) ? piece.look.replace(")", `|${piece.short})`) : piece.look
  );
  const looks = pieces.map(({ made }, i) => made ?? given[i]);
  return {
    text: format,
    look: whole(given.map(uncaptured)),
    replacements: [...toNumbers(pieces, looks), ...toIso(pieces, looks)],
    zoned: isHalved(pieces) || pieces.some(({ field }) => field === "zone"),
  };
}

const whole = (looks: readonly string[]) => new RegExp(`^${looks.join("")}$`);
const isHalved = (pieces: readonly Piece[]) => pieces.includes(PIECES.I);
/** Whether a piece's first digit may be missing. */
const isShort = (pieces: readonly Piece[], i: number) =>
  pieces[i].short !== undefined && ![i - 1, i + 1].some((i) => isDigits(pieces[i]));

/** What makes numbers of names, and numbers of all their digits, where they stand. */
function toNumbers(pieces: readonly Piece[], looks: readonly string[]): Replacement[] {
  const replacements: Replacement[] = [];
  /** Where a piece looks so, and all others as they do, it becomes this; 2 is what it was. */
  const replace = (place: number, look: string, by: readonly (string | number)[]) => {
    const [before, after] = [looks.slice(0, place), looks.slice(place + 1)].map((part) =>
      part.map(uncaptured).join("")
    );
    replacements.push({ pattern: new RegExp(`^(${before})(${look})(${after})$`), parts: [1, ...by, 3] });
  };
  pieces.forEach((piece, i) => {
    if (piece === PIECES.b) MONTHS.forEach((name, m) => replace(i, name, [String(m + 1).padStart(2, "0")]));
    if (isShort(pieces, i)) replace(i, piece.short!, ["0", 2]);
    if (piece === PIECES.I) replace(i, "12", ["00"]);
    if (piece === PIECES.z) replace(i, "Z", ["+00:00"]);
    if (piece === PIECES.y) {
      replace(i, "69|[7-9][0-9]", ["19", 2]); // as POSIX has it
      replace(i, "[0-9]{2}", ["20", 2]);
    }
  });
  return replacements;
}

/** What brings the numbers into their order. */
function toIso(pieces: readonly Piece[], looks: readonly string[]): Replacement[] {
  const said = pieces.flatMap(({ field }) => field ?? []);
  const group = (field: Field, otherwise: string) =>
    said.includes(field) ? said.indexOf(field) + 1 : otherwise;
  const iso = [
    ...[group("year", ""), "-", group("month", ""), "-", group("day", ""), "T"],
    ...[group("hour", "00"), ":", group("minute", "00"), ":", group("second", "00")],
    ...(said.includes("fraction") ? [".", group("fraction", "")] : []),
    ...(said.includes("zone") ? [group("zone", "")] : []),
  ];
  if (!isHalved(pieces)) return [{ pattern: whole(looks), parts: iso }];
  // An afternoon's hour is what a clock shows that hour twelve hours to the west.
  return [[AM, "+00:00"], [PM, "-12:00"]].map(([look, zone]) => ({
    pattern: whole(looks.with(pieces.indexOf(PIECES.p), look)),
    parts: [...iso, zone],
  }));
}

const uncaptured = (look: string) => look.replace(/^\((?!\?)/, "(?:");
const isDigits = (piece: Piece | undefined) =>
  piece !== undefined && (piece.field !== undefined || /[0-9]/.test(piece.look));

function piecesOf(format: string, refuse: (why: string) => InputError): Piece[] {
  const expanded = format.replaceAll(
    /%-?([A-Za-z])/g,
    (_, letter: string) => ALIASES[letter] ?? `%${letter}`,
  );
  return Array.from(expanded.matchAll(/%(.?)|([^%]+)/gs), ([, letter, literal]) => {
    if (literal !== undefined) {
      return text(literal.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&").replaceAll(/ +/g, SPACES));
    }
    const piece = PIECES[letter];
    if (!piece) {
      throw refuse(
        `${
          letter ? `%${letter} is not known` : "% stands at its end"
        }; there are %Y %y, %m %b, %d, %H %I %p, %M, %S, %f (parts of a ` +
          "second), %z %Z and %a (a weekday)",
      );
    }
    return piece;
  });
}

function checkPieces(pieces: readonly Piece[], refuse: (why: string) => InputError): void {
  const said = pieces.flatMap(({ field }) => field ?? []), has = (field: Field) => said.includes(field);
  const twice = firstRepeated(said);
  if (twice) throw refuse(`it has the ${twice} twice`);
  const needs: [boolean, Field][] = [
    ...(["year", "month", "day"] as const).map((field): [boolean, Field] => [true, field]),
    [has("minute"), "hour"],
    [has("second"), "minute"],
    [has("fraction"), "second"],
  ];
  const missing = needs.find(([isNeeded, field]) => isNeeded && !has(field))?.[1];
  if (missing) throw refuse(`it has no ${missing} (${FIELDS[missing]})`);
  if (!isHalved(pieces)) return;
  if (!pieces.includes(PIECES.p)) {
    throw refuse("an hour from 1 to 12 (%I) needs AM or PM (%p); from 0 to 23 it is %H");
  }
  if (has("zone")) throw refuse("AM or PM (%p) and a zone (%z) are not read together");
}
