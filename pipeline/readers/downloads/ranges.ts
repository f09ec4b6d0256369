/**
 * Requests the rest of a file, and checks that a server's response is that: HTTP ranges (RFC 9110, section 14).
 *
 * @module
 */
import { basename } from "node:path";
import type { Begun, PartialDownload } from "./partial.ts";

/** The bytes received so far, and what the server said about them. */
type Part = Pick<PartialDownload, "bytes" | "begun">;

/**
 * Returns headers that request a file uncompressed, so that ranges refer to the file's own bytes.
 *
 * @param rest Whether to request only what follows the bytes received, if the file is still the same.
 */
export const requestHeaders = ({ bytes, begun }: Part, rest: boolean): Record<string, string> => ({
  "accept-encoding": "identity",
  ...(rest && { range: `bytes=${bytes}-` }),
  ...(rest && begun?.validator && { "if-range": begun.validator }),
});

/** Checks whether a response continues the bytes received, from the same file. */
export function continues(response: Response, { bytes, begun }: Part): boolean {
  const [, from, total] = response.headers.get("content-range")?.match(/^bytes (\d+)-\d+\/(\d+|\*)$/) ?? [];
  return bytes > 0 && Number(from) === bytes && [String(begun?.total ?? total), "*"].includes(total) &&
    validatorOf(response) === begun?.validator;
}

/** Explains why the bytes received cannot be used. */
export function whyAgain(response: Response, { begun }: Part): string {
  const now = validatorOf(response), { host, pathname } = new URL(begun!.url);
  const isOther = response.status === 416 || now !== begun?.validator;
  return isOther
    ? `${basename(pathname)} has changed on the server since a part of it was downloaded`
    : `${host} does not continue a download that was broken off`;
}

/** Returns what identifies this version of the file: a range can be made conditional only on a strong ETag or a date. */
function validatorOf({ headers }: Response): string | undefined {
  const etag = headers.get("etag");
  return etag && !etag.startsWith("W/") ? etag : headers.get("last-modified") ?? undefined;
}

/**
 * Extracts what a response says about the whole file. If it is compressed in transit all the same, length and ranges refer to other
 * bytes than those received here.
 */
export function begunOf(url: string, response: Response): Begun {
  const length = response.headers.get("content-length"), validator = validatorOf(response);
  if (response.headers.has("content-encoding")) return { url };
  return { url, ...(validator && { validator }), ...(length !== null && { total: Number(length) }) };
}
