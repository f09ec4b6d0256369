/** Values at the edge of what is taken: the engines take and refuse the same, and make the same of it. */
import { join } from "node:path";
import { withFolder } from "../../folders.ts";
import { assertSame, type Engine, type Options } from "./same.ts";
import { hasSpark, withSpark } from "./spark/server.ts";

Deno.test("DuckDB takes what Polars takes", (t) =>
  withFolder((dir) => edges(t, dir, { place: { engine: "duckdb", memory: "512MiB" }, work: dir })));

Deno.test({
  name: "Spark takes what Polars takes",
  ignore: !hasSpark,
  fn: (t) =>
    withFolder(async (dir) => {
      const work = join(dir, "work");
      Deno.mkdirSync(work);
      await withSpark(({ url }) =>
        edges(t, dir, { place: { engine: "spark", spark: url, parts: 2, work }, work })
      );
    }),
});

async function edges(t: Deno.TestContext, dir: string, engine: Engine): Promise<void> {
  const options = { onBadRow: "skip", minUser: 4, evalNegatives: 0 } as const;
  /** Rows with these texts in the column of a role, among some of five users that have a usual one. */
  const same = (
    role: "rating" | "timestamp",
    name: string,
    { usual, texts, ...more }: { usual: string; texts: readonly string[] } & Partial<Options>,
  ) =>
    t.step(`${role}: ${name}`, () => {
      const data = join(dir, "log.csv"), all = [...Array.from({ length: 25 }, () => usual), ...texts];
      const rows = all.map((text, i) => `u${i % 5},i${i},"${text}",${role === "rating" ? i : 5}\n`);
      const header = `user,item,${role},${role === "rating" ? "timestamp" : "rating"}\n`;
      Deno.writeTextFileSync(data, header + rows.join(""));
      return assertSame(dir, engine, { ...options, data, ...more });
    });

  const texts = ["4.1", "4.2", "4.3", "0.7", "0.69999", "3.3", "3.2999"];
  for (const minRating of [4.2, 0.7, 3.3]) {
    await same("rating", `from ${minRating} on`, { usual: "5", texts, minRating });
  }
  const large = [
    "3.4e38",
    "-3.4e38",
    "3.40282356e38",
    "3.4028235677973366e38",
    "1e39",
    "-1e39",
    "1e308",
    "1e400",
    "inf",
  ];
  await same("rating", "too large", { usual: "5", texts: large });
  await same("rating", "not all too large", { usual: "5", texts: large.slice(0, 7) });
}
