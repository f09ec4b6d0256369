/**
 * Names of places that may have a special meaning to a shell, to Polars or to a terminal, each with a neighbor that it must not refer to,
 * if there is one.
 */
export const NAMES: Record<string, string | undefined> = {
  "made": undefined,
  "a[b]c": "abc",
  "{a,b}": "a",
  "with space": "with",
  "two\nlines": "two",
  "🦊": undefined,
  "caf\u00e9": "cafe\u0301",
  "-dash": "dash",
  "--out": "out",
  "~": undefined,
  "$HOME": undefined,
  "a\\b": "a",
  "__proto__": undefined,
  ".hidden": "hidden",
  "made.part": "made",
  "\u001b[31mred": undefined,
  ["x".repeat(200)]: undefined,
  ["x".repeat(255)]: undefined,
};
