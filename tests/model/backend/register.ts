/** Registers the tests of a backend. */
import { ALL, openEngine } from "../../../model/backend/engine.ts";
import type { Engine, EngineName } from "../../../model/backend/types.ts";

/** Registers a test of a backend. */
export type Register = (what: string, check: (engine: Engine) => Promise<void> | void) => void;

/** A variant of an engine to test: a title, and the change to the engine. */
export type Variant = [title: string, change: (engine: Engine) => Engine];

/** Registers the tests of one backend; if it is not available, they are ignored, with the reason in their names. */
export async function registerFor(
  name: EngineName,
  [title, change]: Variant = [name, (engine) => engine],
): Promise<Register> {
  const finding = await ALL.find((backend) => backend.name === name)!.find({});
  return (what, check) =>
    Deno.test({
      name: `${title}: ${what}${finding.found ? "" : ` (no ${name} engine: ${finding.reason})`}`,
      ignore: !finding.found,
      // A graphics device and a library's threads outlive a test.
      sanitizeOps: false,
      sanitizeResources: false,
      fn: async () => await check(change(await openEngine({ engine: name }))),
    });
}
