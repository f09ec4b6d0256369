import assert from "node:assert/strict";
import { goesOnBy, WritingFailed, writingFailed } from "../../../../pipeline/contract/errors/system.ts";
import { InputError, Interrupted } from "../../../../pipeline/contract/errors.ts";
import { withFolder } from "../../../folders.ts";

Deno.test("what could not be written is said by the system's words alone, and by the whole that a part was for", () =>
  withFolder((dir) => {
    Deno.writeTextFileSync(`${dir}/file`, "");
    const polars = new Error(
      "parquet: File out of specification: underlying IO error: No space left on device (os error 28)",
    );
    const full =
      "Cannot write d: No space left on device (os error 28); free some space or choose another place with --out";
    assert.equal(writingFailed("d", polars).message, full);
    assert.equal(writingFailed("d", writingFailed("d/.part", polars)).message, full);
    try {
      Deno.writeTextFileSync(`${dir}/file/below`, "");
      assert.fail("a file has nothing below it");
    } catch (error) {
      const { message } = writingFailed("d", error);
      assert.equal(
        message,
        "Cannot write d: Not a directory (os error 20); see that it can be written or choose another place with --out",
      );
    }
  }));

Deno.test("where a right is wanting, room is no help", () => {
  for (const reason of ["Permission denied (os error 13)", "Read-only file system (os error 30)"]) {
    const { message } = new WritingFailed("d", reason);
    assert.equal(
      message,
      `Cannot write d: ${reason}; see that it can be written or choose another place with --out`,
    );
  }
  assert.match(new WritingFailed("d", "Disk quota exceeded (os error 122)").message, /; free some space or /);
});

Deno.test("a name that is too long, and too many open files, are no want of room", () => {
  const { message } = new WritingFailed("long", "File name too long (os error 36)");
  assert.equal(
    message,
    "Cannot write long: File name too long (os error 36); choose a shorter name with --out",
  );
  const many = new WritingFailed("d", "Too many open files (os error 24)"),
    raise = "raise the limit of open files (ulimit -n)";
  assert.equal(many.message, `Cannot write d: Too many open files (os error 24); ${raise}`);
  assert.equal(many.remedy, raise);
});

Deno.test("where what was computed is kept, it says how to go on instead of another place", () => {
  const full = new WritingFailed("run", "No space left on device (os error 28)");
  assert(goesOnBy(full, "call it again"));
  assert.equal(
    full.message,
    "Cannot write run: No space left on device (os error 28); free some space, and call it again to resume",
  );
  const denied = new WritingFailed("run", "Permission denied (os error 13)");
  assert(goesOnBy(denied, "call it again"));
  assert.match(denied.message, /13\); see that it can be written, and call it again to resume$/);
  const stopped = new Interrupted("Stopped"), refused = new InputError("Unknown option");
  assert(goesOnBy(stopped, "call it again"));
  assert.equal(stopped.goesOn, "call it again");
  assert(!goesOnBy(refused, "call it again"));
  assert.equal(refused.message, "Unknown option");
});
