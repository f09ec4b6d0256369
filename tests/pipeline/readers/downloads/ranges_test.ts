import assert from "node:assert/strict";
import {
  begunOf,
  continues,
  requestHeaders,
  whyAgain,
} from "../../../../pipeline/readers/downloads/ranges.ts";

const URL = "https://host.test/path/data.zip";
const answer = (headers: Record<string, string>, status = 206) => new Response(null, { status, headers });
const part = (bytes: number, begun = { url: URL, validator: '"v1"', total: 10 }) =>
  ({ bytes, begun }) as Part;
type Part = Parameters<typeof continues>[1];

Deno.test("of a download it is known what names this state of the file, and how long it is, unless it is compressed on the way", () => {
  assert.deepEqual(begunOf(URL, answer({ etag: '"v1"', "content-length": "10" })), {
    url: URL,
    validator: '"v1"',
    total: 10,
  });
  const date = "Sun, 29 Nov 2026 00:00:00 GMT";
  assert.deepEqual(begunOf(URL, answer({ etag: 'W/"v1"', "last-modified": date })), {
    url: URL,
    validator: date,
  });
  assert.deepEqual(begunOf(URL, answer({ etag: 'W/"v1"' })), { url: URL });
  const compressed = { etag: '"v1"', "content-length": "10", "content-encoding": "gzip" };
  assert.deepEqual(begunOf(URL, answer(compressed)), { url: URL });
});

Deno.test("an answer goes on with a part where it begins behind it, of the same file", () => {
  const goesOn = (bytes: number, range: string | undefined, etag = '"v1"') =>
    continues(answer({ etag, ...(range && { "content-range": range }) }), part(bytes));
  assert.equal(goesOn(4, "bytes 4-9/10"), true);
  assert.equal(goesOn(4, "bytes 4-9/*"), true);
  assert.equal(goesOn(0, "bytes 0-9/10"), false, "there is nothing to go on with");
  assert.equal(goesOn(4, "bytes 5-9/10"), false);
  assert.equal(goesOn(4, "bytes 4-10/11"), false);
  assert.equal(goesOn(4, "bytes 4-9/10", '"v2"'), false);
  assert.equal(goesOn(4, undefined), false);
  assert.equal(goesOn(4, "lines 4-9/10"), false);
});

Deno.test("the rest is asked for only of the same state of the file, and it is said why it cannot be had", () => {
  assert.deepEqual(requestHeaders(part(4), false), { "accept-encoding": "identity" });
  assert.deepEqual(requestHeaders(part(4), true), {
    "accept-encoding": "identity",
    range: "bytes=4-",
    "if-range": '"v1"',
  });
  const changed = "data.zip has changed on the server since a part of it was downloaded";
  assert.equal(whyAgain(answer({ etag: '"v2"' }, 200), part(4)), changed);
  assert.equal(whyAgain(answer({ etag: '"v1"' }, 416), part(4)), changed);
  assert.equal(
    whyAgain(answer({ etag: '"v1"' }, 200), part(4)),
    "host.test does not continue a download that was broken off",
  );
});
