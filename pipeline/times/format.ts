/**
 * Times in a custom format. A format in the codes of `strptime`, such as `%d.%m.%Y %H:%M`, becomes replacements that turn a text into ISO
 * 8601.
 * Each engine has a `strptime`, but no two accept the same texts; replacements are the same everywhere, and so are the datasets.
 *
 * @module
 */
import { InputError } from "../contract/errors.ts";
import { firstRepeated } from "../contract/options/shapes.ts";

/** A replacement of a part of a text. */
export interface Replacement {
  /** The part, as a pattern that uses only what the regular expressions of JavaScript, Rust, Java and RE2 have in common. */
  pattern: RegExp;
  /** What replaces it: texts, and the contents of groups, by their numbers from 1. */
  parts: readonly (string | number)[];
}

/** A parsed format. */
export interface TimeFormat {
  /** The format as it was given. */
  text: string;
  /** The pattern of texts in this format. */
  look: RegExp;
  /**
   * Applied in order, they turn such a text, without surrounding space, into an ISO 8601 date: `2024-05-01T10:00:00`, possibly with a
   * fraction and a zone.
   */
  replacements: readonly Replacement[];
  /** Whether the ISO 8601 date ends with a zone, such as `+02:00`; times without one are UTC. */
  zoned: boolean;
}

/** The fields of a time, with the codes that messages name. */
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
  /** Its pattern, a group if it has a field. */
  look: string;
  field?: Field;
  /** Its pattern if no digit is beside it: the first of two digits may be omitted. */
  short?: string;
  /** Its pattern after a replacement, if that is different; also a group. */
  made?: string;
}

const number = (field: Field, look: string, short?: string): Piece => ({ look: `(${look})`, field, short });
const text = (look: string): Piece => ({ look: `(?:${look})` });

const anyCase = (word: string) => Array.from(word, (letter) => `[${letter.toUpperCase()}${letter}]`).join("");
/** Names of months, in full or with three letters; September also with four. */
const MONTHS = [
  ...["january", "february", "march", "april", "may", "june", "july", "august", "september"],
  ...["october", "november", "december"],
].map((name) => {
  const short = anyCase(name.slice(0, 3)), ends = [name.slice(3), ...(name === "september" ? ["t"] : [])];
  return name === "may" ? short : `${short}(?:${ends.map(anyCase).join("|")})?`;
});
/** AM and PM in English, and as spreadsheets write them in Chinese, Japanese, Korean and Arabic. */
const AM = "(?:[Aa]\\.?[Mm]\\.?|上午|午前|오전|ص)", PM = "(?:[Pp]\\.?[Mm]\\.?|下午|午後|오후|م)";

/** The meaning of letters after `%`, as in `strptime` of C and Python. Names of days and months are English. */
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
/** What a space in a format matches: C pads days with one more, and JavaScript puts a narrow one before AM and PM. */
const SPACES = "[ \u00a0\u202f]+";
const ALIASES: Readonly<Record<string, string>> = {
  ...{ A: "%a", B: "%b", h: "%b", e: "%d" },
  ...{ F: "%Y-%m-%d", D: "%m/%d/%y", T: "%H:%M:%S", R: "%H:%M" },
};

/**
 * Parses a format. The first digit of days, months, hours, minutes and seconds may be missing if it is zero and no other digit is beside
 * it. Times without a zone are UTC.
 *
 * @param what What is written in this format, for messages.
 * @throws {InputError} if it lacks year, month or day, or contains something that cannot be read.
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

/** Replacements that turn names into numbers, and complete numbers to all their digits, in place. */
function toNumbers(pieces: readonly Piece[], looks: readonly string[]): Replacement[] {
  const replacements: Replacement[] = [];
  /** Replaces a piece that matches `look`, with all others as they are, by `by`, where 2 is the piece's text. */
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

/** Replacements that bring the numbers into the order of ISO 8601. */
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
  // A PM hour is what a clock in a zone twelve hours to the west shows at that moment.
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
