/** Who writes a program is told by the compiler what it would be refused for when it runs. */
import { withFolder } from "./folders.ts";
import { root } from "./paths.ts";
import { checkTypes } from "./types.ts";

Deno.test("the compiler takes options that there are, and refuses others, in as many words", () =>
  withFolder((dir) => checkTypes(dir, "automlp", "--config", `${root}deno.json`)));
