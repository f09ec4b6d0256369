/**
 * Prints, as JSON, whether the native engine still has to be made; a separate program, for the launcher.
 *
 * @module
 */
import { isToBeMade } from "./provision.ts";

console.log(JSON.stringify(isToBeMade()));
