import assert from "node:assert/strict";
import { join } from "node:path";
import { hashFile, hashFileSync, hashOf } from "../../../../pipeline/contract/files/hash.ts";
import { withFolder } from "../../../folders.ts";

Deno.test.sanitizer({ ops: true, resources: true });

Deno.test("SHA-256 of text, by the standard's examples", () => {
  assert.equal(hashOf("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  assert.equal(hashOf(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  assert.equal(hashOf(new TextEncoder().encode("é")), hashOf("é"));
});

Deno.test("a file has the hash of its bytes, of however many pieces it is", () =>
  withFolder(async (dir) => {
    const path = join(dir, "file"), piece = 1 << 20;
    for (const size of [0, 1, piece, 2 * piece + 12_345]) {
      const bytes = Uint8Array.from({ length: size }, (_, i) => (i >> 8) ^ i), sizes: number[] = [];
      Deno.writeFileSync(path, bytes);
      assert.equal(hashFileSync(path), hashOf(bytes));
      assert.equal(await hashFile(path, { onBytes: (n) => sizes.push(n) }), hashOf(bytes));
      assert.equal(sizes.reduce((a, b) => a + b, 0), size);
    }
    await assert.rejects(hashFile(path, { signal: AbortSignal.abort() }), { name: "AbortError" });
  }));
