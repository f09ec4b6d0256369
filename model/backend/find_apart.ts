/**
 * Asks one backend whether it can be had, and prints the answer as JSON; a program of its own, for {@link diagnose}.
 *
 * @module
 */
import { ALL } from "./engine.ts";

const backend = ALL.find(({ name }) => name === Deno.args[0])!;
console.log(JSON.stringify(await backend.find({})));
