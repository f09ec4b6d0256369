/**
 * Text without what opens doors: addresses may carry passwords, tokens and signatures, and what is said or kept goes into logs, records and
 * pages that are passed on.
 *
 * @module
 */

/** An address: what it begins with, and the rest of it up to what ends it in a sentence. */
const ADDRESS = /\b([a-z][a-z0-9+.-]*:\/\/)([^\s"'<>`]+)/gi;
/**
 * Before the host: a user with a password, which may hold slashes where nobody escaped them. What looks so behind a host is its port. A name alone
 * is a token where it goes to a web server; elsewhere it is part of the place (`abfss://container@account…`).
 */
const USER_AND_PASSWORD = /^[^\s/?#:@]*:(?!\d{1,5}(?:[/?#;]|$))[^\s?#]*@/;
const USER = /^[^\s/?#:@]+@/;
/** A value of a query, a fragment, or of Spark's address, with its name; a stop behind it is the sentence's. */
const PARAMETER = /([?&;#])([^=&;#?]+)=[^&;#]+?(?=[:.,)]*(?:[&;#]|$))/g;
/** Names of values that are not for everybody: those of Amazon, Google and Azure among them. */
const SECRET =
  /token|secret|passw|pwd|credential|jwt|(^|[-_.])(sig|auth|key)$|signature$|authorization$|api[-_]?key$|access[-_]?key(id)?$/i;
/** Of Spark's address: every other parameter is a header, which may be a token by any name. */
const OPEN_TO_ALL = /^(use_ssl|user_id|user_agent|session_id)$/i;

/**
 * A text in which `…` stands for the passwords, tokens and signatures of its addresses. What is no address stays as it is.
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
