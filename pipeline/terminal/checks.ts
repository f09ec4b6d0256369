/**
 * A command that only checks what it is given: the launcher asks for that before it makes the engine, which takes minutes.
 *
 * @module
 */

/** The environment variable that says so. */
export const CHECKS = "AUTOMLP_CHECKS";

/** Whether this process is to check, and to do nothing. */
export const onlyChecks = (): boolean => Deno.env.get(CHECKS) !== undefined;
