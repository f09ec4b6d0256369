/**
 * Asks one backend whether it is available, and prints the answer as JSON; a separate program, for {@link diagnose}.
 *
 * @module
 */
import { ALL } from "./engine.ts";

const backend = ALL.find(({ name }) => name === Deno.args[0])!;
console.log(JSON.stringify(await backend.find({})));
