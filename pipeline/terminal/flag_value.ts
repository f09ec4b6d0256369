/**
 * One flag of a command line, read without knowing the others.
 *
 * @module
 */

/** The value of a flag, the last where it is there twice; undefined if it is not there. */
export function flagValue(options: readonly string[], name: string): string | undefined {
  const at = options.findLastIndex((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`));
  if (at < 0) return undefined;
  return options[at].includes("=") ? options[at].slice(options[at].indexOf("=") + 1) : options[at + 1];
}
