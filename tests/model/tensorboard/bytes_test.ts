/** The parts of event files, compared with bytes that the `tensorboard` package writes. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { crc32c, maskedCrc32c } from "../../../model/tensorboard/records.ts";
import { encodeEvent, histogram, scalar, stepOf, versionEvent } from "../../../model/tensorboard/event.ts";
import { sessionStart } from "../../../model/tensorboard/event.ts";
import { encode } from "../../../model/records/protobuf.ts";
import { frame, unframe } from "../../../model/tensorboard/records.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const hex = (bytes: Uint8Array) => bytes.toHex();

Deno.test("CRC-32C, and its mask", () => {
  assert.equal(crc32c(bytes("")), 0);
  assert.equal(crc32c(bytes("123456789")), 0xe3069283);
  assert.equal(maskedCrc32c(bytes("123456789")), 0xc78ab0e5);
  assert.equal(crc32c(new Uint8Array(32)), 0x8a9136aa); // RFC 3720, B.4
  assert.equal(crc32c(new Uint8Array(32).fill(0xff)), 0x62a8ab43);
});

Deno.test("a message is framed by its length and two checksums", () => {
  assert.equal(hex(frame(bytes("automlp"))), "0700000000000000bbd79f116175746f6d6c7061969d49");
});

Deno.test("what was framed is read back, up to where a kill or a fault cut it", () => {
  const messages = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 5 });
  fc.assert(fc.property(messages, fc.nat(), (messages, at) => {
    const framed = messages.map(frame), whole = Uint8Array.from(framed.flatMap((part) => [...part]));
    assert.deepEqual([...unframe(whole)], messages);
    if (whole.length === 0) return;
    const cut = at % whole.length;
    let end = 0;
    const before = messages.filter((_, i) => (end += framed[i].length) <= cut);
    assert.deepEqual([...unframe(whole.subarray(0, cut))], before);
    whole[cut] ^= 1;
    assert.deepEqual([...unframe(whole)], before);
  }));
});

Deno.test("an event with a scalar and a histogram", () => {
  const event = encodeEvent({
    step: 3,
    wallTime: 1.5,
    values: [scalar("loss", 0.5), histogram("k", { edges: [0.5, 1.5, 2.5, 3.5], counts: [0.25, 0, 0.75] })],
  });
  assert.equal(
    hex(event),
    "09000000000000f83f10032a750a0b0a046c6f7373150000003f0a660a016b2a6109000000000000e03f110000000000000c4019000000000000f03f" +
      "210000000000000440290000000000001c403218000000000000f83f00000000000004400000000000000c403a18000000000000d03f" +
      "0000000000000000000000000000e83f",
  );
  assert.equal(stepOf(event), 3);
  assert.equal(stepOf(versionEvent(1.5)), undefined);
});

Deno.test("the beginning of a session for the plugin hparams", () => {
  assert.equal(
    hex(encode(sessionStart({ rate: 0.5 }, 2.5))),
    "0a530a1c5f68706172616d735f2f73657373696f6e5f73746172745f696e666f42060801120212004a2b0a290a0768706172616d73121e1a1c0a110a04" +
      "72617465120911000000000000e03f290000000000000440",
  );
});
