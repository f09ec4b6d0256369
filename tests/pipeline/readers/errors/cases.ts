/** Files that cannot be read, and what the one line says about each. */
import type { ReadOptions } from "../../../../pipeline/readers/mod.ts";
import { assertUnreadable, type Contents } from "../files.ts";

export const HEAD = "user,item,timestamp\n";

/** A file, how it is read, and parts of the line that refuses it. */
export interface Case {
  what: string;
  /** Default: `a.csv`. */
  name?: string;
  contents: Contents;
  options?: Omit<ReadOptions, "files">;
  says: string[];
}

/** Registers one test for each case. */
export function unreadable(cases: Case[]): void {
  for (const { what, name = "a.csv", contents, options, says } of cases) {
    Deno.test(`unreadable: ${what}`, () => assertUnreadable(name, contents, says, options));
  }
}
