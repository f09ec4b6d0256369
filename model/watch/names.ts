/**
 * The host names by which a server may be asked for its page.
 *
 * @module
 */

/** Whether only this machine can reach an address. */
const isLoopback = (host: string): boolean =>
  host === "localhost" || /^127(\.\d{1,3}){3}$/.test(host) || host === "::1" || host === "[::1]";

/**
 * Whether a request's host name is this server's. Another web page in the same browser could make its own host name point to this machine,
 * and then read what is served here (DNS rebinding). So a page that is served to this machine alone is served only under `localhost` and
 * the server's own name. Addresses are safe, because they cannot be redirected, whatever port is forwarded.
 *
 * @param name The host name in the request; an IPv6 address is in brackets.
 * @param host The host that the page is served on.
 */
export const isOwnName = (name: string, host: string): boolean =>
  !isLoopback(host) || name === host || name === "localhost" || /^(\[[0-9a-f:.]+\]|[\d.]+)$/i.test(name);
