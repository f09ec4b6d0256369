import assert from "node:assert/strict";
import { readInteractions } from "../../../pipeline/readers/mod.ts";
import { assertInputError, assertUnreadable, gzip, read, rows, withFiles } from "./files.ts";

const ROWS = [["u", "x", 0], ["u", "007", 1], ["u", "z", 2], ["v", "007", 0], ["w", "z", 0], ["w", "x", 1]];

Deno.test("sequences: a row an item, the position is the time, and the report says so", async () => {
  const { frame, report } = await read("s.txt", "u x 007 z\nv 007\nw z x\n");
  assert.deepEqual(frame.columns, ["user", "item", "timestamp"]);
  assert.deepEqual(frame.rows(), ROWS);
  assert.match(report.warnings[0], /the position in the sequence is the time/);
});

Deno.test("sequences: tabs and commas, gzip, blank lines, CRLF, white space at the end", async () => {
  assert.deepEqual(await rows("s.txt", "u\tx\t007\tz\nv\t007\nw\tz\tx"), ROWS);
  assert.deepEqual(await rows("s.csv", "u,x,007,z\nv,007\nw,z,x\n", { format: "sequences" }), ROWS);
  assert.deepEqual(await rows("s.txt.gz", gzip("u x 007 z \r\n\r\nv 007\r\nw z x\r\n")), ROWS);
  assert.deepEqual(await rows("s.txt", "u  x  007 z\n v 007\nw   z x\n"), ROWS);
  assert.deepEqual(await rows("s.txt", "u;x\n", { format: "sequences", delimiter: ";" }), [["u", "x", 0]]);
});

Deno.test("sequences: a companion gives the times", () =>
  withFiles({
    "s.txt": "u x y\nv y\n",
    "t.txt": "u 5 7\nv 6\n",
    "short.txt": "u 5 7\n",
    "other.txt": "u 5 7\nw 6\n",
    "few.txt": "u 5\n\nv 6\n",
  }, async (dir) => {
    const read = (times: string) =>
      readInteractions({ files: [`${dir}s.txt`], format: "sequences", sequenceTimestamps: dir + times });
    const { frame, sources, report } = await read("t.txt");
    assert.deepEqual(frame.rows(), [["u", "x", "5"], ["u", "y", "7"], ["v", "y", "6"]]);
    assert.deepEqual(sources.map(({ path, rows }) => [path.slice(dir.length), rows]), [["s.txt", 3], [
      "t.txt",
      0,
    ]]);
    assert.deepEqual(report.warnings, []);
    await assertInputError(() => read("short.txt"), [
      "short.txt as the times of s.txt: it has 1 lines, not 2",
    ], dir);
    await assertInputError(
      () => read("other.txt"),
      ['line 2: it has user "w" where the sequences have "v"'],
      dir,
    );
    await assertInputError(
      () => read("few.txt"),
      ['line 1: it has 1 times for the 2 items of user "u"'],
      dir,
    );
    await assertInputError(() => read("none.txt"), ["none.txt: no such file"], dir);
  }));

Deno.test("sequences: a user twice, and a user without items, are errors with their lines", async () => {
  await assertUnreadable("s.txt", "u x y\n\nv y\nu z z z\n", ['line 4: user "u" has a line already'], {
    format: "sequences",
  });
  await assertUnreadable("s.txt", "u x y\nv\n", ['line 2: user "v" has no items'], { format: "sequences" });
  await assertUnreadable("s.txt", "uxy\n", ["line 1 has a user but no items"], { format: "sequences" });
});
