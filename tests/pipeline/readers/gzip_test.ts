import assert from "node:assert/strict";
import { readInteractions, readSideTable } from "../../../mod.ts";
import { assertInputError, gzip, withFiles } from "./files.ts";

/** The same two rows in each format. */
const TEXTS = {
  "a.csv.gz": "user,item,timestamp\na,b,1\nc,d,2\n",
  "q.csv.gz": 'user,item,timestamp\na,"b",1\n\n"c",d,2\n',
  "a.jsonl.gz": '{"user":"a","item":"b","timestamp":1}\n{"timestamp":2,"user":"c","item":"d"}\n',
  "s.txt.gz": "a b\nc d\n",
};
const padded = (text: string, zeros: number) => new Uint8Array([...gzip(text), ...new Uint8Array(zeros)]);

Deno.test("gzip: zeros behind the end are no fault, however many they are", async () => {
  for (const zeros of [0, 1, 4, 512]) {
    const files = Object.entries(TEXTS).map(([name, text]) => [name, padded(text, zeros)]);
    await withFiles(Object.fromEntries(files), async (dir) => {
      for (const name of Object.keys(TEXTS)) {
        const format = name === "s.txt.gz" ? "sequences" : "auto";
        const { frame } = await readInteractions({ files: [dir + name], format });
        assert.deepEqual(frame.select("user", "item").rows(), [["a", "b"], ["c", "d"]], `${name}, ${zeros}`);
      }
      const { frame } = await readSideTable({ file: dir + "a.csv.gz", columns: ["id=item"] });
      assert.deepEqual(frame.getColumn("id").toArray(), ["b", "d"]);
    });
  }
});

Deno.test("gzip: anything else behind the end is a fault", () => {
  const bytes = new Uint8Array([...gzip(TEXTS["a.jsonl.gz"]), 0, 0, 7]);
  return withFiles(
    { "a.jsonl.gz": bytes.with(-3, 7) },
    (dir) => assertInputError(() => readInteractions({ files: [dir + "a.jsonl.gz"] }), ["the gzip file is"]),
  );
});
