import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../../../pipeline/contract/errors.ts";
import { notePath } from "../../../../pipeline/contract/files/stage.ts";
import { HeldNote } from "../../../../pipeline/scale/spark/kept_work.ts";
import { withFolder } from "../../../folders.ts";

const refused = (work: () => unknown, message: RegExp) =>
  assert.throws(work, (error) => error instanceof InputError && message.test(error.message));

Deno.test("a note is had by one at a time, says what was written last, and goes with the work", () =>
  withFolder((dir) => {
    const place = join(dir, "deep", "data"), path = notePath(Deno.realPathSync(dir) + "/deep/data");
    {
      using note = HeldNote.take(place);
      assert.equal(note.path, path);
      assert.equal(note.read(), "");
      note.write("first, and longer than é");
      note.write("zweite\nZeile é");
      assert.equal(note.read(), "zweite\nZeile é");
      refused(
        () => HeldNote.take(place),
        /^Cannot write .*data: another command is at work for it; wait for its end, or choose another folder with --out$/,
      );
    }
    using again = HeldNote.take(place);
    assert.equal(again.read(), "zweite\nZeile é");
    again.remove();
    assert(!existsSync(path));
    // The next holder has a separate note, although the removed file is still held.
    using next = HeldNote.take(place);
    assert.equal(next.read(), "");
  }));

Deno.test("of a note that was cut off anywhere nothing is taken; what is no note is left alone", () =>
  withFolder((dir) => {
    const place = join(dir, "data"), path = notePath(place);
    {
      using note = HeldNote.take(place);
      note.write("what is to be known");
    }
    const whole = Deno.readFileSync(path);
    for (let length = 0; length < whole.length; length++) {
      Deno.writeFileSync(path, whole.subarray(0, length));
      using note = HeldNote.take(place);
      assert.equal(note.read(), "", `${length} bytes`);
    }
    Deno.writeTextFileSync(path, "somebody's");
    {
      using other = HeldNote.take(place);
      refused(
        () => other.read(),
        /^Cannot use .*\.data\.automlp-cluster: automlp did not write it; move it away$/,
      );
    }
    assert.equal(Deno.readTextFileSync(path), "somebody's");
    Deno.removeSync(path);
    Deno.writeTextFileSync(join(dir, "target"), "");
    Deno.symlinkSync(join(dir, "target"), path);
    refused(() => HeldNote.take(place), /^Cannot lock .*: it is a link; remove it$/);
  }));
