import assert from "node:assert/strict";
import { join } from "node:path";
import type { Checkpoint } from "../../../model/records/checkpoint.ts";
import { readSafetensors, writeTensors } from "../../../model/records/safetensors.ts";
import { RunFolder } from "../../../model/runs/folder.ts";
import { FolderRecord } from "../../../pipeline/contract/files/checksums.ts";
import { limitMemory } from "../../../pipeline/contract/machine/available_memory.ts";
import { withFolder } from "../../folders.ts";
import { refused } from "../support.ts";

Deno.test("a checkpoint holds state and tensors", () =>
  withFolder(async (dir) => {
    const folder = RunFolder.create(dir);
    const checkpoint: Checkpoint = {
      state: { step: 3, alpha: [0.1, 0.1 + 0.2], place: [2, 17] },
      tensors: new Map([["first/w", { shape: [1, 2], values: Float32Array.of(1e-8, 2) }]]),
    };
    await folder.writeCheckpoint("search", checkpoint);
    assert.deepEqual(await folder.readCheckpoint("search"), checkpoint);
    assert.equal(await folder.readCheckpoint("train"), undefined);
  }));

Deno.test("a checkpoint that does not fit into memory is not taken for a damaged one", () =>
  withFolder(async (dir) => {
    const folder = RunFolder.create(dir),
      tensors = new Map([["w", { shape: [1], values: Float32Array.of(1) }]]);
    for (const epoch of [1, 2]) await folder.writeCheckpoint("train", { state: { epoch }, tensors });
    limitMemory(3);
    try {
      await assert.rejects(folder.readCheckpoint("train", assert.fail), {
        name: "RunError",
        message: /train\.safetensors: its tensors take 4B, and 3B are allowed; free some memory/,
      });
    } finally {
      limitMemory(Infinity);
    }
  }));

Deno.test("a checkpoint of another version gives way to none before it", () =>
  withFolder(async (dir) => {
    const folder = RunFolder.create(dir),
      tensors = new Map([["w", { shape: [1], values: Float32Array.of(1) }]]);
    const path = join(dir, "checkpoint", "train.safetensors");
    for (const epoch of [1, 2]) await folder.writeCheckpoint("train", { state: { epoch }, tensors });
    assert.equal((await readSafetensors(path)).metadata.version, "1");
    const replace = (metadata: Record<string, string>) =>
      FolderRecord.read(dir)!.put(
        "checkpoint/train.safetensors",
        (part) => writeTensors(part, tensors, { state: '{"epoch":3}', ...metadata }),
      );
    await replace({ version: "2" });
    await assert.rejects(folder.readCheckpoint("train", assert.fail), {
      name: "InputError",
      message:
        `Cannot read ${path}: the checkpoint has format version 2, this program reads 1; use a newer automlp, or remove checkpoint/train*.safetensors to begin again`,
    });
  }));

Deno.test("a damaged checkpoint gives way to the one before it", () =>
  withFolder(async (dir) => {
    const folder = RunFolder.create(dir), last = join(dir, "checkpoint", "train.safetensors");
    const warnings: string[] = [];
    const read = async () => (await folder.readCheckpoint("train", (text) => warnings.push(text)))?.state;
    for (const epoch of [1, 2, 3]) {
      const tensors = new Map([["w", { shape: [1], values: Float32Array.of(epoch) }]]);
      await folder.writeCheckpoint("train", { state: { epoch }, tensors });
    }
    assert.deepEqual([await read(), warnings], [{ epoch: 3 }, []]);
    const bytes = Deno.readFileSync(last);
    bytes[bytes.length - 1] ^= 1;
    Deno.writeFileSync(last, bytes);
    assert.deepEqual(await read(), { epoch: 2 });
    assert.match(
      warnings.join(),
      /train.safetensors: its checksum .*; resumed from the checkpoint before it$/,
    );
    Deno.removeSync(last);
    assert.deepEqual(await read(), { epoch: 2 });
    Deno.writeTextFileSync(join(dir, "checkpoint", "train.previous.safetensors"), "?");
    await refused(
      read,
      /Cannot resume the train of .*remove checkpoint\/train\*.safetensors to begin it again/,
    );
  }));

Deno.test("the checkpoint before stays, unless the next is of another network; one of the two is one", () =>
  withFolder(async (dir) => {
    const folder = RunFolder.create(dir), last = join(dir, "checkpoint", "train.safetensors");
    const write = (epoch: number, options?: { keepBefore: boolean }) => {
      const tensors = new Map([["w", { shape: [1], values: Float32Array.of(epoch) }]]);
      return folder.writeCheckpoint("train", { state: { epoch }, tensors }, options);
    };
    assert.equal(folder.hasCheckpoint("train"), false);
    await write(1);
    assert.deepEqual([folder.hasCheckpoint("train"), folder.hasCheckpoint("search")], [true, false]);
    await write(2, { keepBefore: false });
    Deno.writeTextFileSync(last, "?");
    await refused(() => folder.readCheckpoint("train", () => {}), /Cannot resume the train of /);
    await write(3, { keepBefore: false });
    await write(4);
    Deno.removeSync(last);
    assert.equal(folder.hasCheckpoint("train"), true);
    assert.deepEqual((await folder.readCheckpoint("train", assert.fail))?.state, { epoch: 3 });
  }));
