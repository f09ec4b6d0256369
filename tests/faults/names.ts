/**
 * Names of places, which may mean something to a shell, to Polars or to a terminal. Each with a neighbour that it
 * must not mean, if there is one.
 */
export const NAMES: Record<string, string | undefined> = {
  "made": undefined,
  "a[b]c": "abc",
  "st*r": "star",
  "wh?t": "what",
  "{a,b}": "a",
  "a,b": "a",
  "with space": "with",
  " ": undefined,
  "two\nlines": "two",
  "🦊": undefined,
  "caf\u00e9": "cafe\u0301",
  "-dash": "dash",
  "--out": "out",
  "~": undefined,
  "$HOME": undefined,
  "%20": " ",
  "a\\b": "a",
  "'quoted'": "quoted",
  "...": undefined,
  "UPPER": "upper",
  "__proto__": undefined,
  ".hidden": "hidden",
  "made.part": "made",
  "file:made": "made",
  "\u001b[31mred": undefined,
  ["x".repeat(200)]: undefined,
  ["x".repeat(255)]: undefined,
  ["x".repeat(300)]: undefined,
};
