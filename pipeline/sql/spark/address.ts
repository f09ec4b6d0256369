/**
 * Parses the address of a Spark Connect server, in the form of Spark's own clients: `sc://host:port/;token=…;use_ssl=true`.
 *
 * @module
 */
import { InputError } from "../../contract/errors.ts";

/** A server and the identity of the client. */
export interface SparkAddress {
  /** `host:port`. It contains no secret and may appear in messages. */
  endpoint: string;
  secure: boolean;
  token?: string;
  userId: string;
  /** A UUID for finding the session on the server again. */
  sessionId?: string;
  userAgent: string;
  /** All other parameters, sent as headers to the server or a proxy before it. */
  headers: Record<string, string>;
}

/** Spark's default port. */
const PORT = 15002;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Parses an address.
 *
 * @example
 * ```ts
 * import { parseSparkAddress } from "./address.ts";
 * import assert from "node:assert/strict";
 *
 * const { endpoint, secure, token } = parseSparkAddress("sc://spark.example.org/;token=abc");
 * assert.deepEqual([endpoint, secure, token], ["spark.example.org:15002", true, "abc"]); // a token asks for TLS
 * ```
 * @throws {InputError} for an invalid address. The message does not repeat a token.
 */
export function parseSparkAddress(text: string): SparkAddress {
  const shown = text.split(/[;?]/)[0].replace(/\/\/.*@/, "//…@");
  const refuse = (state: string) =>
    new InputError(`Cannot use --spark ${shown}: ${state}; give it as in sc://host:${PORT}`);
  const [, host, port = String(PORT), path = ""] =
    text.match(/^sc:\/\/(\[[0-9a-f:]+\]|[^/:;[\]]+)(?::(\d+))?(\/.*)?$/i) ?? [];
  if (host === undefined) throw refuse("it is not the address of a Spark Connect server");
  if (Number(port) < 1 || Number(port) > 65535) throw refuse(`there is no port ${port}`);
  if (path !== "" && !/^\/(;|$)/.test(path)) {
    throw refuse("after the port only parameters may follow, behind /;");
  }
  const parameters = new Map<string, string>();
  for (const part of path.split(";").slice(1).filter((part) => part !== "")) {
    const [key, value = ""] = part.split(/=(.*)/s, 2);
    if (key === "" || value === "") throw refuse("a parameter is a name and a value, as in use_ssl=true");
    parameters.set(key, decode(value) ?? value);
  }
  const take = (key: string) => {
    const value = parameters.get(key);
    parameters.delete(key);
    return value;
  };
  const ssl = take("use_ssl"), token = take("token"), sessionId = take("session_id");
  if (ssl !== undefined && !/^(true|false)$/i.test(ssl)) throw refuse("use_ssl is true or false");
  if (sessionId !== undefined && !UUID.test(sessionId)) throw refuse("session_id is a UUID");
  const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/i.test(host);
  // By default, a token is sent without TLS only to this machine, as with Spark's own clients.
  const secure = ssl !== undefined ? ssl.toLowerCase() === "true" : token !== undefined && !loopback;
  if (secure && /^(\d+(\.\d+){3}|\[.*\])$/.test(host)) {
    throw refuse("TLS asks a host for the certificate of its name: name the host, not its address");
  }
  return {
    endpoint: `${host}:${port}`,
    secure,
    ...(token !== undefined && { token }),
    userId: take("user_id") ?? "automlp",
    ...(sessionId !== undefined && { sessionId }),
    userAgent: take("user_agent") ?? "automlp",
    headers: Object.fromEntries(parameters),
  };
}

function decode(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined; // a literal percent sign
  }
}
