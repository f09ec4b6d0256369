/**
 * By which names a server may be asked for its page.
 *
 * @module
 */

/** Whether only this machine can reach an address. */
const isLoopback = (host: string): boolean =>
  host === "localhost" || /^127(\.\d{1,3}){3}$/.test(host) || host === "::1" || host === "[::1]";

/**
 * Whether a request's host name is this server's. A web page of somebody else in the same browser could make its own
 * name point to this machine, and then read what is served here (DNS rebinding). So what is served to this machine
 * alone is served by `localhost` and the server's own name only. Addresses cannot be made to lead elsewhere, whatever
 * port is forwarded.
 *
 * @param name As in the request, an IPv6 address in brackets.
 * @param host What it is served on.
 */
export const isOwnName = (name: string, host: string): boolean =>
  !isLoopback(host) || name === host || name === "localhost" || /^(\[[0-9a-f:.]+\]|[\d.]+)$/i.test(name);
