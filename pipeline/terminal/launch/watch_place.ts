/**
 * Where `deno task watch` serves its page, if it is not said: the launcher must know it before the command does.
 *
 * @module
 */

/** This machine only. */
export const WATCH_HOST = "127.0.0.1";

/** One that no well-known service has. */
export const WATCH_PORT = 8417;

/** What may be listened on: an address or a name, an IPv6 address with or without brackets. */
const HOST = /^(\[[0-9a-f:.]+\]|[0-9a-f:]*:[0-9a-f:.]*|[\w.-]+)$/i;

/** A place to listen on, as Deno's permissions have it; undefined for what is none: the command refuses it. */
export function watchAddress(
  host: string = WATCH_HOST,
  port: string = String(WATCH_PORT),
): string | undefined {
  if (!HOST.test(host) || !/^\d{1,5}$/.test(port) || Number(port) > 65_535) return undefined;
  return `${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}:${Number(port)}`;
}
