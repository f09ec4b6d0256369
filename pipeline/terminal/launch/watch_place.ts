/**
 * Where `deno task watch` serves its page by default: the launcher must know it before the command does.
 *
 * @module
 */

/** Default host: reachable from this machine only. */
export const WATCH_HOST = "127.0.0.1";

/** Default port, which no well-known service uses. */
export const WATCH_PORT = 8417;

/** What may be listened on: an address or a name, an IPv6 address with or without brackets. */
const HOST = /^(\[[0-9a-f:.]+\]|[0-9a-f:]*:[0-9a-f:.]*|[\w.-]+)$/i;

/** Returns an address to listen on, in the form of Deno's permissions; undefined if invalid, which the command refuses. */
export function watchAddress(
  host: string = WATCH_HOST,
  port: string = String(WATCH_PORT),
): string | undefined {
  if (!HOST.test(host) || !/^\d{1,5}$/.test(port) || Number(port) > 65_535) return undefined;
  return `${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}:${Number(port)}`;
}
