/**
 * Which column of a source plays which role: as the user says, or by the names that data sets use.
 *
 * @module
 */
import { didYouMean, InputError, nearestWord } from "../contract/errors.ts";
import { type ColumnRole, ROLES } from "../contract/stage/location.ts";
import type { ColumnUse } from "../contract/dataset/columns.ts";
import { firstRepeated } from "../contract/options/first_repeated.ts";
import { isPartOfDate, timeNames } from "./no_time.ts";
import { quoteAll, shorten } from "./shorten.ts";

/** Names of columns in data sets that people have, lower case without separators; the best first. */
const ALIASES: Record<ColumnRole, readonly string[]> = {
  user: [
    "user",
    "userid",
    "uid",
    "reviewerid",
    "customerid",
    "visitorid",
    "memberid",
    "profileid",
    "clientid",
    "accountid",
    "householdid",
    "householdkey",
    "username",
  ],
  item: [
    "item",
    "itemid",
    "movieid",
    "parentasin",
    "asin",
    "productid",
    "iid",
    "bookid",
    "isbn",
    "songid",
    "trackid",
    "artistid",
    "businessid",
    "articleid",
    "newsid",
    "videoid",
    "gameid",
    "appid",
    "sku",
    "venueid",
    "poiid",
    "animeid",
    "recipeid",
    "stockcode",
  ],
  rating: ["rating", "ratings", "overall", "stars", "score"],
  timestamp: [
    "timestamp",
    "unixreviewtime",
    "unixtime",
    "time",
    "ts",
    "eventtime",
    "datetime",
    "createdat",
    "timestampms",
    "timems",
    "date",
    "reviewtime",
    "eventtimestamp",
    "transactiontimestamp",
    "transactiontime",
    "transactiondate",
    "purchasedate",
    "orderdate",
  ],
  // Taken only where it is named: else rows of all kinds count, and nobody looks at it.
  event: [],
};

/** A column that plays a role: its place, and what the source calls it. */
export interface Column {
  index: number;
  name: string;
}

/** The columns that play a role. `user` and `item` are always there. */
export type Columns = Partial<Record<ColumnRole, Column>> & { user: Column; item: Column };

/** Which columns were taken and which were not, of all that the source has by their places. */
export function columnUse(header: readonly string[], columns: Columns): ColumnUse {
  const roles = ROLES.filter((role) => columns[role]);
  const places = new Set(roles.map((role) => columns[role]!.index));
  return {
    taken: Object.fromEntries(roles.map((role) => [role, columns[role]!.name])),
    unused: header.filter((name, index) => name !== "" && !places.has(index)),
  };
}

/** What the columns of a source without header are called. */
export const unnamed = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `column ${index + 1}`);

/** The user's `--columns`: by position, or by name. */
export type ColumnsWish =
  | { by: "position"; roles: (ColumnRole | undefined)[] }
  | { by: "name"; names: Partial<Record<ColumnRole, string>> };

/** A name as {@link ALIASES} has them: `reviewerID:token` → `reviewerid`. */
const plain = (name: string) =>
  name.replace(/:(token|token_seq|float|float_seq)$/, "").toLowerCase().replace(/[^a-z0-9]/g, "");

/** Whether a header would call a column this. */
export function isKnownName(name: string): boolean {
  return ROLES.some((role) => ALIASES[role].includes(plain(name)));
}

/** Roles without which there are no interactions. */
const NEEDED: readonly ColumnRole[] = ["user", "item"];

/**
 * Understands the `columns` option.
 *
 * @throws {InputError} for an unknown role, a role given twice, or one column in two roles; if user or item is
 * missing among positions; if positions and names are mixed.
 */
export function parseColumns(columns: readonly string[] | undefined): ColumnsWish | undefined {
  if (columns === undefined) return undefined;
  const wrong = (state: string) => new InputError(`Cannot use --columns ${columns.join(",")}: ${state}`);
  const role = (word: string): ColumnRole => {
    if ((ROLES as readonly string[]).includes(word)) return word as ColumnRole;
    throw wrong(
      `unknown role "${word}"${didYouMean(word, ROLES)}; the roles are ${
        ROLES.join(", ")
      }, and _ to skip one${
        ["id", "title"].includes(word)
          ? "; for a table of items give --item-columns, of users --user-columns"
          : `; by its name a column is given as ROLE=${word}`
      }`,
    );
  };
  const named = columns.filter((column) => column.includes("="));
  if (named.length > 0 && named.length < columns.length) {
    throw wrong(
      "name all columns (user=reviewerID,item=asin) or give all by position (user,item,_,timestamp)",
    );
  }
  const pairs = columns.map((column): [ColumnRole | undefined, string] => {
    const equals = column.indexOf("=");
    if (equals < 0) return [column === "_" || column === "" ? undefined : role(column.trim()), column];
    return [role(column.slice(0, equals).trim()), column.slice(equals + 1)];
  });
  const roles = pairs.map(([role]) => role);
  const twice = firstRepeated(roles.filter((role) => role !== undefined));
  if (twice) throw wrong(`role "${twice}" is given twice`);
  if (named.length === 0) {
    const missing = NEEDED.find((role) => !roles.includes(role));
    if (missing) throw wrong(`it must say which column is the ${missing}`);
    return { by: "position", roles };
  }
  for (const [i, [, name]] of pairs.entries()) {
    const other = pairs.findIndex(([, otherName]) => otherName === name);
    if (other < i) throw wrong(`column "${name}" cannot be both ${roles[other]} and ${roles[i]}`);
  }
  return { by: "name", names: Object.fromEntries(pairs) as Partial<Record<ColumnRole, string>> };
}

/** The first name that two columns have; columns without a name do not count. */
export const repeatedColumn = (names: readonly string[]): string | undefined =>
  firstRepeated(names.filter((name) => name !== ""));

/**
 * Gives columns their roles by a header.
 *
 * @param path For messages.
 * @param header What the source calls its columns.
 * @param warnings Receives a remark where more than one column could play a role.
 * @throws {InputError} for a name that occurs twice or a column that is missing.
 */
export function columnsByHeader(
  path: string,
  header: string[],
  wish: ColumnsWish | undefined,
  warnings: string[],
): Columns {
  const twice = repeatedColumn(header);
  if (twice !== undefined) {
    throw new InputError(`Cannot read ${path}: column ${quoteAll([twice])} occurs twice in the header`);
  }
  if (wish?.by === "position") return columnsByPosition(path, header.length, wish.roles, header);
  const columns: Partial<Record<ColumnRole, Column>> = {};
  const taken = Object.values(wish?.names ?? {}), free = header.filter((name) => !taken.includes(name));
  // Who names columns has no others but those that there must be.
  const unnamed = (role: ColumnRole) =>
    !wish || NEEDED.includes(role) ? takeKnown(role, free, warnings, path) : undefined;
  for (const role of ROLES) {
    const name = wish?.names[role] ?? unnamed(role);
    if (name === undefined) continue;
    const index = findColumn(header, name);
    if (index < 0) {
      throw new InputError(
        `Cannot read ${path}: no column "${name}"${didYouMean(name, header)}; its columns are ${
          quoteAll(header)
        }${wish?.names.timestamp === undefined ? TIMESTAMP_TOO : ""}`,
      );
    }
    columns[role] = { index, name: header[index] };
  }
  for (const role of ["user", "item", "timestamp"] as const) {
    if (columns[role] || wish && role === "timestamp") continue;
    const names = likelyNames(columns, role, header), near = names[role];
    const hint = near === UNKNOWN ? "" : ` (is it ${quoteAll([near!])}?)`;
    const without = role === "timestamp"
      ? "; without it the rows count as ordered by time: then name user and item only"
      : names.timestamp === undefined
      ? TIMESTAMP_TOO
      : otherTimes(names.timestamp, columns, header);
    throw new InputError(
      `Cannot read ${path}: no ${role} column${hint} among ${quoteAll(header)}; ` +
        `say which are what with --columns ${
          Object.entries(names).map(([role, name]) => `${role}=${shorten(name)}`).join(",")
        }${without}`,
    );
  }
  return columns as Columns;
}

/** In the place of a name that nothing tells. */
const UNKNOWN = "…";

/** For who has not named the column by which interactions are ordered. */
const TIMESTAMP_TOO = "; a timestamp is named in the same way, if there is one";

/** That the time could be in another column as well: of several with such names only the data tell. */
function otherTimes(proposed: string, found: Partial<Record<ColumnRole, Column>>, header: string[]): string {
  const others = timeNames(header).filter((name) => name !== proposed);
  return found.timestamp !== undefined || others.length === 0
    ? ""
    : `; or is the time ${quoteAll(others).replace(/, (?=[^,]*$)/, " or ")}?`;
}

/** The column that could play a missing role, by a name that is near to those that data sets use. */
function nearColumn(
  role: ColumnRole,
  found: Partial<Record<ColumnRole, Column>>,
  header: string[],
): string | undefined {
  const free = header.filter((name) =>
    !isPartOfDate(name) && !Object.values(found).some((column) => column.name === name)
  );
  // Of two or three letters, any word is near.
  return ALIASES[role].filter(({ length }) => length > 3).map((alias) => nearestWord(alias, free))
    .find((name) => name !== undefined);
}

/** What `--columns` could say: the columns that were found, and for those that were not a guess, or … where there is none. */
function likelyNames(
  found: Partial<Record<ColumnRole, Column>>,
  missing: ColumnRole,
  header: string[],
): Partial<Record<ColumnRole, string>> {
  const names: Partial<Record<ColumnRole, string>> = {};
  for (const role of ["user", "item", "timestamp"] as const) {
    const taken = Object.values(names);
    const [time] = role === "timestamp" ? timeNames(header.filter((name) => !taken.includes(name))) : [];
    const near = found[role]?.name ?? time ?? nearColumn(role, found, header);
    const name = near === undefined || taken.includes(near) ? undefined : near;
    if (name !== undefined || role !== "timestamp" || role === missing) names[role] = name ?? UNKNOWN;
  }
  return names;
}

/** A column by its name, with or without RecBole's `:token`, and however its accents are written. */
function findColumn(header: string[], name: string): number {
  const exact = header.indexOf(name);
  if (exact >= 0) return exact;
  const plain = name.normalize("NFC");
  return header.findIndex((column) => column.normalize("NFC").replace(/:[a-z_]+$/, "") === plain);
}

/** The names in a header that data sets use for a role, the best first. */
function knownColumns(role: ColumnRole, header: string[]): string[] {
  const rank = (name: string) => ALIASES[role].indexOf(plain(name));
  return header.filter((name) => rank(name) >= 0).sort((a, b) => rank(a) - rank(b));
}

/** The column of a header that most likely plays a role. */
export function knownColumn(role: ColumnRole, header: string[]): string | undefined {
  return knownColumns(role, header)[0];
}

function takeKnown(role: ColumnRole, header: string[], warnings: string[], path: string): string | undefined {
  const [best, ...others] = knownColumns(role, header);
  if (others.length > 0) {
    warnings.push(
      `${path}: took column ${quoteAll([best])} as the ${role}, not ${
        quoteAll(others)
      }; say otherwise with --columns`,
    );
  }
  return best;
}

/**
 * Gives columns their roles by position.
 *
 * @param count How many columns the source has.
 * @param header What it calls them; left out where it has no header.
 */
export function columnsByPosition(
  path: string,
  count: number,
  roles: readonly (ColumnRole | undefined)[],
  header?: string[],
): Columns {
  if (roles.length > count) {
    throw new InputError(
      `Cannot read ${path}: --columns names ${roles.length} columns, but it has ${count}; skip one with _ or name fewer`,
    );
  }
  const columns: Partial<Record<ColumnRole, Column>> = {};
  for (const [index, role] of roles.entries()) {
    if (role) columns[role] = { index, name: header?.[index] ?? `column ${index + 1}` };
  }
  return columns as Columns;
}
