/**
 * Options whose defaults are filled in.
 *
 * @module
 */

/** The options `T`, where those named `K` have a default and are therefore always present, as in a {@link PrepareConfig}. */
export type Filled<T, K extends keyof T> = Omit<T, K> & Required<Pick<T, K>>;
