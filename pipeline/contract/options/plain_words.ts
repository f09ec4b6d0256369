/**
 * Says what is wrong with a value in words that tell what to give, in place of zod's messages, which speak of types.
 *
 * @module
 */
import type { z } from "zod";

/** Descriptions of kinds of values, by zod's names. */
const KINDS: Record<string, string> = {
  int: "a whole number",
  number: "a number",
  string: "text",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

/** The message for a missing value. */
export const MISSING = "it is missing";

type Issue = z.core.$ZodRawIssue;

/** An error map for zod: `schema.safeParse(value, { error: inPlainWords })`. A schema's own messages take precedence. */
export const inPlainWords = (issue: Issue): string | undefined => {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? MISSING : `give ${kindOf(issue.expected)}`;
    case "too_small":
      return bound(issue.origin, issue.minimum, issue.inclusive !== false, "from", "above");
    case "too_big":
      return bound(issue.origin, issue.maximum, issue.inclusive !== false, "up to", "below");
    case "invalid_value":
      return `choose ${issue.values.length > 1 ? "one of " : ""}${issue.values.join(", ")}`;
    case "invalid_union":
      return unionText(issue.errors);
    default:
      return undefined;
  }
};

/** Returns what an issue is about: the option's name, and for a list which value: `candidates`, `the 1st value: give a number above 0`. */
export function placed(
  { path, message }: { path: readonly PropertyKey[]; message: string },
): { name: string; message: string } {
  const at = path.at(-1);
  if (typeof at !== "number") return { name: path.join("."), message };
  return { name: path.slice(0, -1).join("."), message: `the ${ordinal(at + 1)} value: ${message}` };
}

/** Formats as in `3rd`. */
function ordinal(n: number): string {
  const ending = n % 100 > 10 && n % 100 < 14 ? "th" : ["th", "st", "nd", "rd"][n % 10] ?? "th";
  return `${n}${ending}`;
}

const kindOf = (expected: string): string => KINDS[expected] ?? expected;

function bound(
  origin: string,
  limit: number | bigint,
  inclusive: boolean,
  reached: string,
  beyond: string,
): string {
  if (origin === "string") return reached === "from" ? "it is empty" : `give at most ${limit} characters`;
  if (origin === "array") return `give ${reached === "from" ? "at least" : "at most"} ${limit} of them`;
  return `give ${kindOf(origin)} ${inclusive ? reached : beyond} ${limit}`;
}

interface Within {
  path: readonly PropertyKey[];
  message: string;
}

interface Alternative extends Partial<Within> {
  code?: string;
  expected?: unknown;
}

/** Says what is wrong inside a value: `user: give text`, `the 2nd value: give text`. */
function within(issue: Within): string {
  const { name, message } = placed(issue);
  return name === "" ? message : `${name}: ${message}`;
}

/** Takes the message from the alternative whose kind is right; if there is none, names all kinds. */
function unionText(
  alternatives: readonly (readonly Alternative[])[],
): string {
  const first = alternatives.map(([issue]) => issue);
  const inner = first.find((issue) => issue?.message && (issue.path?.length ?? 0) > 0);
  if (inner) return within(inner as Within);
  const near = first.find((issue) => issue?.code !== "invalid_type" && issue?.message);
  if (near?.message) return near.message;
  const kinds = [...new Set(first.map((issue) => kindOf(String(issue?.expected))))];
  return `give ${kinds.join(" or ")}`;
}
