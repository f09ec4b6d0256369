import assert from "node:assert/strict";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import pl from "nodejs-polars";
import { InputError } from "../../../pipeline/contract/errors.ts";
import { readInteractionPieces } from "../../../pipeline/readers/pieces.ts";
import { readInteractions, type ReadOptions } from "../../../pipeline/readers/mod.ts";
import { withFolder } from "../../folders.ts";

const refused = (format: string) => new InputError(`no ${format}`);

/** The rows as text, whatever types a reader found. */
const plain = (frame: pl.DataFrame, columns: string[]) =>
  frame.select(...columns.map((name) => pl.col(name).cast(pl.String))).rows();

/** Asserts that rows, facts and places equal those of the reader of whole files. */
async function assertSame(dir: string, options: ReadOptions, atLeast: number): Promise<void> {
  const folder = Deno.makeTempDirSync({ dir });
  const whole = await readInteractions(options);
  const { pieces, ...read } = await readInteractionPieces({ ...options, folder, pieceBytes: 1 }, refused);
  assert(pieces.length >= atLeast, `${pieces.length} pieces`);
  const frames = pieces.map(({ path }) => pl.readParquet(path));
  const columns = whole.frame.columns.filter((name) => name !== "ragged" && name in pieces[0].types);
  const rows = frames.flatMap((frame) => plain(frame, columns));
  assert.deepEqual(rows, plain(whole.frame, columns));
  if (whole.frame.columns.includes("ragged")) {
    const ragged = frames.flatMap((frame) =>
      frame.columns.includes("ragged")
        ? frame.getColumn("ragged").toArray()
        : Array.from({ length: frame.height }, () => false)
    );
    assert.deepEqual(ragged, whole.frame.getColumn("ragged").toArray());
  }
  const numbered = frames.flatMap((frame) => Array.from(frame.getColumn("source_row").toArray(), Number));
  assert.deepEqual(numbered, numbered.map((_, i) => i));
  const { seconds: _, warnings: ___, ...report } = read.report([]),
    { seconds: __, warnings: ____, ...own } = whole.report;
  assert.deepEqual(report, own);
  assert.deepEqual(read.sources, whole.sources);
  const some = [0, Math.floor(rows.length / 2), rows.length - 1];
  assert.deepEqual(await read.locate(some), await whole.locate(some));
  assert.deepEqual([...Deno.readDirSync(folder)].length, pieces.length, "nothing else is left");
}

/** More lines than are read from a file at once, so that there are several pieces. */
const LINES = 20_000;
const csv = (line: (i: number) => string) => Array.from({ length: LINES }, (_, i) => line(i) + "\n").join("");

Deno.test("files in pieces are what they are as a whole", (t) =>
  withFolder(async (dir) => {
    const write = (name: string, content: string | Uint8Array) => {
      const path = join(dir, name);
      Deno.writeFileSync(path, typeof content === "string" ? new TextEncoder().encode(content) : content);
      return path;
    };
    const same = (name: string, options: ReadOptions, atLeast = 2) =>
      t.step(name, () => assertSame(dir, options, atLeast));
    const quoted = (i: number) =>
      i % 5 === 0 ? `"u ""${i}""\nof two lines",i${i % 90},${i}` : `"u,${i % 40}","i${i % 90}",${i}`;
    const text = "user,item,timestamp\n" + csv(quoted);
    await same("quotes around line ends and delimiters", { files: [write("quoted.csv", text)] });
    await same("gzip", { files: [write("quoted.csv.gz", gzipSync(text))] });
    const odd = (i: number) =>
      i % 999 === 5
        ? " , "
        : i % 999 === 7
        ? ""
        : `user${i % 70},item${i},${i % 999 === 9 ? "often" : i / 4}${i === 12_345 ? ",5,6" : ",3"}`;
    await same("blank rows, rows with too many fields, and text among numbers", {
      files: [write("odd.csv", "user,item,rating,timestamp\n" + csv(odd))],
    });
    await same("delimiters of two characters", {
      files: [write("ratings.dat", csv((i) => `${i % 60}::${i % 70}::${i % 5}::${978_300_000 + i}`))],
    });
    const latin1 = Uint8Array.from(
      csv((i) => `é${i % 50}::${i % 70}::${i % 5}::${i}`),
      (c) => c.charCodeAt(0),
    );
    await same("Latin-1 that shows late", {
      files: [write("latin1.dat", latin1)],
      format: "movielens",
      columns: ["user", "item", "rating", "timestamp"],
    });
    await same("JSON lines with a byte-order mark", {
      files: [
        write(
          "marked.jsonl",
          "\ufeff" + csv((i) => JSON.stringify({ user: i % 9, item: `i${i}`, timestamp: i })),
        ),
      ],
    });
    await same("JSON lines", {
      files: [
        write(
          "log.jsonl",
          csv((i) => i % 77 === 0 ? "" : JSON.stringify({ user: `é${i % 9}`, item: i, timestamp: i })),
        ),
      ],
    });
    await same("several files without time", {
      columns: ["user=user", "item=item"],
      files: [write("a.csv", "user,item\n" + csv((i) => `a${i},b`)), write("b.csv", "user,item\nx,y\n")],
    });
    const parquet = join(dir, "log.parquet");
    pl.DataFrame({
      user: Array.from({ length: 50 }, (_, i) => i % 7 + 0.0),
      item: Array.from({ length: 50 }, (_, i) => `i${i}`),
      timestamp: Array.from({ length: 50 }, (_, i) => new Date(1e12 + i * 500)),
    }).writeParquet(parquet);
    await same("Parquet with dates", { files: [parquet] }, 1);
    await t.step("faults are found where they are", async () => {
      const broken = write(
        "broken.csv",
        "user,item,timestamp\n" + csv((i) => i === 15_000 ? `u,"i,${i}` : `u,i,${i}`),
      );
      const message = async (work: Promise<unknown>) => {
        try {
          await work;
        } catch (error) {
          return (error as Error).message;
        }
      };
      const nested = write(
        "nested.jsonl",
        csv((i) =>
          JSON.stringify({ user: i === 9 ? "{u}" : `u${i}`, item: i === 15_000 ? [i] : i, timestamp: i })
        ),
      );
      const folder = Deno.makeTempDirSync({ dir });
      for (
        const [path, says] of [[broken, "quoted field begins here"], [nested, 'line 15001: "item" is a list']]
      ) {
        const found = await message(readInteractionPieces({ files: [path], folder, pieceBytes: 1 }, refused));
        assert(found!.includes(says), `${found}`);
        assert.equal(found, await message(readInteractions({ files: [path] })));
      }
      const sequences = { files: [write("seq.txt", "u a b c\n")], format: "sequences" } as const;
      await assert.rejects(
        readInteractionPieces({ ...sequences, files: [...sequences.files], folder }, refused),
        /no sequences/,
      );
    });
  }));
