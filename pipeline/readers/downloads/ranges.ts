/**
 * Asking for the rest of a file, and whether what a server sends is that: HTTP ranges (RFC 9110, section 14).
 *
 * @module
 */
import { basename } from "node:path";
import type { Begun, PartialDownload } from "./partial.ts";

/** What the bytes that are there are known by. */
type Part = Pick<PartialDownload, "bytes" | "begun">;

/**
 * Asks for a file as it is, not compressed on the way: then its parts are the file's.
 *
 * @param rest Ask for what comes behind the bytes that are there, if the file is still the same.
 */
export const requestHeaders = ({ bytes, begun }: Part, rest: boolean): Record<string, string> => ({
  "accept-encoding": "identity",
  ...(rest && { range: `bytes=${bytes}-` }),
  ...(rest && begun?.validator && { "if-range": begun.validator }),
});

/** Whether an answer holds what comes behind the bytes that are there, of the same file. */
export function continues(response: Response, { bytes, begun }: Part): boolean {
  const [, from, total] = response.headers.get("content-range")?.match(/^bytes (\d+)-\d+\/(\d+|\*)$/) ?? [];
  return bytes > 0 && Number(from) === bytes && [String(begun?.total ?? total), "*"].includes(total) &&
    validatorOf(response) === begun?.validator;
}

/** Why the parts that are there are of no use. */
export function whyAgain(response: Response, { begun }: Part): string {
  const now = validatorOf(response), { host, pathname } = new URL(begun!.url);
  const isOther = response.status === 416 || now !== begun?.validator;
  return isOther
    ? `${basename(pathname)} has changed on the server since a part of it was downloaded`
    : `${host} does not continue a download that was broken off`;
}

/** What names this state of the file: only a strong ETag or a date can be asked for with a range. */
function validatorOf({ headers }: Response): string | undefined {
  const etag = headers.get("etag");
  return etag && !etag.startsWith("W/") ? etag : headers.get("last-modified") ?? undefined;
}

/** What an answer says of the whole file. Where it is compressed on the way all the same, length and ranges are of other bytes than those that arrive here. */
export function begunOf(url: string, response: Response): Begun {
  const length = response.headers.get("content-length"), validator = validatorOf(response);
  if (response.headers.has("content-encoding")) return { url };
  return { url, ...(validator && { validator }), ...(length !== null && { total: Number(length) }) };
}
