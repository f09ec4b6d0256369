/**
 * From the name that an option has on a command line to the one that it has in code and in files.
 *
 * @module
 */

/** `hold-out` as `holdOut`. */
export const toKey = (flag: string): string => flag.replace(/-[a-z]/g, (dashed) => dashed[1].toUpperCase());
