/**
 * A command that would compute on the native engine ends before it has done anything if that is not there yet: the program, which may
 * write and start what making it takes, makes it, and then starts the command again.
 *
 * @module
 */
import { AutoMLPError } from "../contract/errors/classes.ts";

/** The environment variable that says whether the program does so: yes or no. */
export const MAKES_ENGINE = "AUTOMLP_MAKES_ENGINE";

/** The exit code with which a command asks for it. */
export const ENGINE_FIRST = 75;

/** The error that ends such a command; nothing is said about it. */
export class EngineFirst extends AutoMLPError {
  override readonly exitCode = ENGINE_FIRST;
}
