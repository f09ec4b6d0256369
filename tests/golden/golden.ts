/**
 * What the program computed before a change and has to compute after it, in `values/`. `UPDATE_SNAPSHOTS=1` rewrites a value; the commit that
 * does so says which value changed, and why.
 */
import assert from "node:assert/strict";

/** A number, text or a table of these. */
type Value = string | number | { [name: string]: Value };

/** Compares a value with that of the same name in `values/FILE.json`. */
export function assertGolden(file: string, name: string, value: Value): void {
  const path = new URL(`values/${file}.json`, import.meta.url);
  const values: Record<string, Value> = JSON.parse(Deno.readTextFileSync(path));
  if (!Deno.env.get("UPDATE_SNAPSHOTS")) return assert.deepEqual(value, values[name], name);
  Deno.writeTextFileSync(path, JSON.stringify({ ...values, [name]: value }, undefined, 2) + "\n");
}
