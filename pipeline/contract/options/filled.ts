/**
 * Options whose defaults are filled in.
 *
 * @module
 */

/** The options `T`, of which those named `K` have a default and so are always there. As the options in a {@link PrepareConfig}. */
export type Filled<T, K extends keyof T> = Omit<T, K> & Required<Pick<T, K>>;
