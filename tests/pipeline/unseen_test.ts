/** Ids, titles and names of files that would control a terminal, from the file to every place where they are shown. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { exportDataset, inspectDataset, inspectionHtml, prepare, readDataset } from "../../pipeline/mod.ts";
import { task } from "../command.ts";
import { withFolder } from "../folders.ts";
import { assertVisible, EVIL, SEEN, unseenIn } from "../unseen.ts";

const bundle = (value: unknown) =>
  (value as Record<symbol, () => Promise<Record<string, string>>>)[Symbol.for("Jupyter.display")]();

/** Six users with four of six items each, all with such ids. */
const IDS = [1, 2, 3, 4, 5, 6].map((n) => `${EVIL}${n}`);
const INTERACTIONS = "user,item,timestamp\n" +
  IDS.flatMap((user, u) => [1, 2, 3, 4].map((t) => `${user},${IDS[(u + t) % 6]},${t}\n`)).join("");
const ITEMS = "item,title,genre\n" + IDS.map((id) => `${id},${EVIL},${EVIL}\n`).join("");

/** Runs `use` on a prepared dataset whose ids, titles, genres, sources and folder hold {@link EVIL}. */
const withEvil = (use: (folder: string, prepared: Awaited<ReturnType<typeof prepare>>) => unknown) =>
  withFolder(async (dir) => {
    const data = join(dir, `${EVIL}.csv`), items = join(dir, "items.csv"), folder = join(dir, EVIL);
    Deno.writeTextFileSync(data, INTERACTIONS);
    Deno.writeTextFileSync(items, ITEMS);
    const options = { minUser: 1, minItem: 1, evalNegatives: 1, protocols: ["uniform" as const] };
    await use(
      folder,
      await prepare({ data, items, out: folder, ...options, features: ["genre:categorical"] }),
    );
  });

Deno.test("inspect: terminal text and report show by its code what cannot be seen; --json keeps it", () =>
  withEvil(async (folder) => {
    const out = join(folder, "..", "report.html");
    const { code, stdout, stderr } = await task("inspect", [folder, "--html", "--out", out]);
    assert.equal(code, 0, stderr);
    assertVisible(stdout);
    assert.equal(stderr, "");
    for (const n of [1, 2, 3, 4, 5, 6]) assert(stdout.includes(`${SEEN}${n}  ${SEEN} `), stdout);
    const [, header, rule] = stdout.split("\n\n").find((part) => part.startsWith("Most popular"))!.split(
      "\n",
    );
    assert.equal(header.indexOf("title"), SEEN.length + 3, "as wide as what is shown");
    assert.equal(rule.length, header.length);
    const html = Deno.readTextFileSync(out);
    assertVisible(html);
    assert(html.includes(`>${SEEN}1</td>`));
    const { popularItems } = JSON.parse((await task("inspect", [folder, "--json"])).stdout);
    assert.deepEqual(popularItems.map(({ id }: { id: string }) => id).sort(), IDS);
  }));

Deno.test("the error line of a command shows by its code what cannot be seen", () =>
  withFolder(async (dir) => {
    const { code, stdout, stderr } = await task("inspect", [join(dir, `${EVIL}\nx`)]);
    assert.deepEqual([code, stdout], [2, ""]);
    assertVisible(stderr);
    assert.equal(stderr.split("\n").length, 2, "one line");
  }));

Deno.test("notebook displays of a preparation, a dataset, an inspection and an export show it; the data keep it", () =>
  withEvil(async (folder, prepared) => {
    const dataset = await readDataset(folder), out = join(folder, "..", "out", EVIL);
    const inspection = await inspectDataset(dataset);
    const exported = await exportDataset(dataset, { to: "csv", out });
    for (const value of [prepared, dataset, inspection, exported, ...prepared.reports]) {
      for (const [type, shown] of Object.entries(await bundle(value))) {
        assert.deepEqual(unseenIn(shown.replaceAll("\n", "")), [], type);
      }
      assert.equal(Deno.inspect(value), (await bundle(value))["text/plain"]);
    }
    for (const value of [prepared, dataset, inspection, exported]) assertVisible(String(value));
    assertVisible(await inspectionHtml(inspection, dataset));
    assert.deepEqual(dataset.table("items").getColumn("id").toArray().toSorted(), IDS);
    assert(Deno.readTextFileSync(join(out, "items.csv")).includes(`${IDS[0]},`));
  }));
