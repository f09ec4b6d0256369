import fc from "fast-check";
import assert from "node:assert/strict";
import { encodeMessage, FrameReader } from "../../../notebooks/kernel/wire.ts";
import { readMessage, signingKey, withContent } from "../../../notebooks/kernel/wire.ts";

const greeting = (version = 3) => Uint8Array.from({ length: 64 }, (_, i) => i === 10 ? version : i);
const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("frames come out as they went in, however the stream is cut", () => {
  const frame = fc.uint8Array({ maxLength: 300 });
  const messages = fc.array(fc.array(frame, { minLength: 1, maxLength: 4 }), { maxLength: 4 });
  fc.assert(fc.property(messages, fc.integer({ min: 1, max: 97 }), (sent, size) => {
    const command = Uint8Array.of(4, 3, 1, 2, 3);
    const stream = [greeting(), command, ...sent.map(encodeMessage)].flatMap((part) => [...part]);
    const reader = new FrameReader(), raw: Uint8Array[] = [], got: Uint8Array[][] = [];
    for (let i = 0; i < stream.length; i += size) {
      for (const part of reader.read(Uint8Array.from(stream.slice(i, i + size)))) {
        if ("raw" in part) raw.push(part.raw);
        else got.push(part.message);
      }
    }
    assert.deepEqual(raw, [greeting(), command]);
    assert.deepEqual(got, sent);
  }));
});

Deno.test("an older protocol passes as it is", () => {
  const reader = new FrameReader(),
    parts = [...reader.read(greeting(1)), ...reader.read(Uint8Array.of(0, 1, 65))];
  assert.deepEqual(parts, [{ raw: greeting(1) }, { raw: Uint8Array.of(0, 1, 65) }]);
});

Deno.test("a changed message is signed as Jupyter signs it", async () => {
  const frames = [
    "<IDS|MSG>",
    "old",
    '{"msg_id":"2","msg_type":"inspect_reply"}',
    '{"msg_id":"1"}',
    "{}",
    '{"found":false}',
  ].map(bytes);
  assert.deepEqual(readMessage(frames), {
    id: "2",
    type: "inspect_reply",
    parent: "1",
    metadata: {},
    content: { found: false },
  });
  const changed = await withContent(frames, { found: true }, await signingKey("secret"));
  assert.equal(new TextDecoder().decode(changed[5]), '{"found":true}');
  // hmac.new(b"secret", header + parent + metadata + content, "sha256").hexdigest() in Python.
  assert.equal(
    new TextDecoder().decode(changed[1]),
    "c3e7ec8d319d4fe71a176b4877b2fb828b7e1f99dff1766ac436ab6cd2dfc3bc",
  );
  assert.equal(
    (await withContent(frames, {}, undefined))[1].length,
    0,
    "without a key there is no signature",
  );
  assert.equal(readMessage([bytes("x")]), undefined);
});
