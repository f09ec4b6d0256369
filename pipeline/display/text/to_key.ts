/**
 * Conversion between the names of an option on a command line and in code and files.
 *
 * @module
 */

/** `hold-out` as `holdOut`. */
export const toKey = (flag: string): string => flag.replace(/-[a-z]/g, (dashed) => dashed[1].toUpperCase());

/** `minUser` → `min-user` */
export const toFlag = (key: string): string => key.replace(/[A-Z]/g, (c) => "-" + c.toLowerCase());
