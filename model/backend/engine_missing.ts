/**
 * Says, as JSON, whether the native engine is still to be made; a program of its own, for the launcher.
 *
 * @module
 */
import { isToBeMade } from "./provision.ts";

console.log(JSON.stringify(isToBeMade()));
