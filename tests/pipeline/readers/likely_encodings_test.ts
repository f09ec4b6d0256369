import assert from "node:assert/strict";
import { likelyEncodings } from "../../../pipeline/readers/likely_encodings.ts";
import { read } from "./files.ts";

const hex = (text: string) => Uint8Array.from(text.match(/../g)!, (byte) => parseInt(byte, 16));

/** Words as bytes, encoded by iconv. */
const TEXTS = [
  ["gbk", "霸王别姬,张国荣", "b0d4cdf5b1f0bca72cd5c5b9fac8d9"],
  ["big5", "臥虎藏龍", "aad7aaeac2c3c073"],
  ["shift_jis", "千と千尋の神隠し", "90e782c690e7907182cc905f894282b5"],
  ["euc-kr", "한국 드라마", "c7d1b1b920b5e5b6f3b8b6"],
  ["windows-1251", "Москва слезам", "cceef1eae2e020f1ebe5e7e0ec"],
  ["windows-1256", "فيلم الرسالة", "ddede1e320c7e1d1d3c7e1c9"],
  ["windows-1253", "Ταινία", "d4e1e9eddfe1"],
  ["windows-874", "ไทย,ผู้ใช้", "e4b7c22cbcd9e9e3aae9"],
  ["windows-1252", "Größe", "4772f6df65"],
] as const;

for (const [encoding, text, bytes] of TEXTS) {
  Deno.test(`likely encodings: ${encoding}`, () => {
    assert.deepEqual(likelyEncodings(hex(bytes))[0], { encoding, reads: text });
  });
}

Deno.test("likely encodings: where a text is words by several, they are all named", () => {
  const [korean, ...others] = likelyEncodings(hex("c7d1b1b9"));
  assert.equal(korean.reads, "한국");
  assert(others.some(({ encoding }) => encoding === "gbk"));
});

Deno.test("likely encodings: none for bytes that are words by none, and for ASCII", () => {
  assert.deepEqual(likelyEncodings(Uint8Array.from({ length: 128 }, (_, i) => 128 + i)), []);
  assert.deepEqual(likelyEncodings(hex("61626a")), []);
});

Deno.test("likely encodings: of a long line the words are shown, and that there is more", () => {
  const line = `${"a".repeat(30)}gr\xf6\xdfe${"b".repeat(50)}\nand`;
  const [{ reads }] = likelyEncodings(Uint8Array.from(line, (letter) => letter.charCodeAt(0)));
  assert.equal(reads, `…${"a".repeat(10)}größe${"b".repeat(25)}…`);
});

Deno.test("likely encodings: UTF-8 with some bytes cut off is told to be damaged, not to be something else", async () => {
  const text = new TextEncoder().encode("user,item,timestamp\na,霸王别姬张国荣,1\nb,霸王别姬张国荣,2\n");
  const damaged = new Uint8Array([...text.subarray(0, 23), ...text.subarray(24)]);
  await assert.rejects(
    read("a.csv", damaged),
    /line 2 has bytes that are not UTF-8, though the rest of the file is/,
  );
});
