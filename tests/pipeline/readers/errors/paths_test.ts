import { readInteractions } from "../../../../pipeline/readers/mod.ts";
import { assertInputError, withFiles } from "../files.ts";
import { HEAD } from "./cases.ts";

Deno.test("unreadable: a file that is not there, with the name that may be meant", () =>
  withFiles({ "ratings.csv": HEAD }, async (dir) => {
    const read = (path: string) => () => readInteractions({ files: [path] });
    await assertInputError(read(`${dir}ratngs.csv`), [
      'ratngs.csv: no such file (did you mean "ratings.csv"?)',
    ], dir);
    await assertInputError(read(`${dir}nowhere/a.csv`), ["no such folder"]);
    await assertInputError(read(`${dir}*.tsv`), ["*.tsv: no file matches"], dir);
    await assertInputError(read(`${dir}nowhere/*.csv`), ["nowhere/*.csv: no such folder nowhere"], dir);
    await assertInputError(read(dir.slice(0, -1)), ["it is a folder; name the files in it"]);
    await assertInputError(read(dir.slice(0, -1)), [`folder; name the files in it, as '${dir}*.csv' does`]);
    await assertInputError(read("/dev/null"), ["it is no regular file"]);
    await assertInputError(() => readInteractions({ files: [] }), ["no file was named"]);
    await assertInputError(() => readInteractions({ files: [`${dir}ratings.csv`, `${dir}*.csv`] }), [
      "twice",
    ]);
  }));

Deno.test("unreadable: files that do not say the same", () =>
  withFiles(
    { "a.csv": HEAD + "a,b,1\n", "b.csv": "user,item,rating,timestamp\na,b,5,1\n" },
    (dir) =>
      assertInputError(() => readInteractions({ files: [`${dir}*.csv`] }), [
        "Cannot read b.csv and a.csv together: only the first has a rating column",
      ], dir),
  ));
