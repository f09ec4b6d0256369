/**
 * Text without secrets: addresses may contain passwords, tokens and signatures, and messages end up in logs, records and
 * pages that are passed on.
 *
 * @module
 */

/** An address: its scheme, and the rest up to where it ends in a sentence. */
const ADDRESS = /\b([a-z][a-z0-9+.-]*:\/\/)([^\s"'<>`]+)/gi;
/**
 * Before the host: a user with a password, which may contain unescaped slashes. What looks similar after a host is its port. A name alone
 * is a token if it goes to a web server; elsewhere it is part of the location (`abfss://container@account…`).
 */
const USER_AND_PASSWORD = /^[^\s/?#:@]*:(?!\d{1,5}(?:[/?#;]|$))[^\s?#]*@/;
const USER = /^[^\s/?#:@]+@/;
/** A value of a query, a fragment, or Spark's address, with its name; punctuation after it belongs to the sentence. */
const PARAMETER = /([?&;#])([^=&;#?]+)=[^&;#]+?(?=[:.,)]*(?:[&;#]|$))/g;
/** Names of secret values, including those of Amazon, Google and Azure. */
const SECRET =
  /token|secret|passw|pwd|credential|jwt|(^|[-_.])(sig|auth|key)$|signature$|authorization$|api[-_]?key$|access[-_]?key(id)?$/i;
/** Parameters of Spark's address that are not secret: every other one is a header, which may be a token of any name. */
const OPEN_TO_ALL = /^(use_ssl|user_id|user_agent|session_id)$/i;

/**
 * Replaces passwords, tokens and signatures in the addresses of a text with `…`. Everything else is unchanged.
 *
 * @example
 * ```ts
 * import { withoutSecrets } from "./secrets.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(withoutSecrets("s3a://KEY:wJa/rX@logs/day.csv"), "s3a://…@logs/day.csv");
 * assert.equal(withoutSecrets("https://host/log.csv?day=3&X-Amz-Signature=9f3a"), "https://host/log.csv?day=3&X-Amz-Signature=…");
 * assert.equal(withoutSecrets("sc://host:443/;use_ssl=true;token=abc"), "sc://host:443/;use_ssl=true;token=…");
 * ```
 */
export const withoutSecrets = (text: string): string =>
  text.replace(ADDRESS, (_, scheme: string, rest: string) => {
    const isWeb = /^https?:/i.test(scheme), isSpark = /^sc:/i.test(scheme);
    const host = rest.replace(USER_AND_PASSWORD, "…@").replace(isWeb ? USER : /^$/, "…@");
    return scheme + host.replace(
      PARAMETER,
      (whole, mark: string, name: string) =>
        SECRET.test(name) || isSpark && !OPEN_TO_ALL.test(name) ? `${mark}${name}=…` : whole,
    );
  });
