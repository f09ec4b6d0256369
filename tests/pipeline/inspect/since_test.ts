/** What has changed since an earlier dataset. */
import assert from "node:assert/strict";
import { join } from "node:path";
import {
  inspectDataset,
  type InspectionFacts,
  inspectionHtml,
  inspectionText,
} from "../../../pipeline/inspect/mod.ts";
import { sinceWarnings } from "../../../pipeline/inspect/since_tables.ts";
import { prepare } from "../../../mod.ts";
import { task } from "../../command.ts";
import { inFolder, makeDataset } from "../export/dataset.ts";

const of = (...ids: string[]) => Object.fromEntries(ids.map((id) => [id, { title: `The ${id}` }]));
const BEFORE = { sequences: { ann: ["a", "b", "c"], bob: ["a", "b", "d"] }, items: of("a", "b", "c", "d") };
const NOW = { sequences: { ann: ["a", "b", "c"], eve: ["a", "c", "e", "e"] }, items: of("a", "b", "c", "e") };

const close = (a: number, b: number) => assert(Math.abs(a - b) < 1e-12, `${a} is not ${b}`);

Deno.test("who and what is new and gone, and where interest went, counted by hand", () =>
  inFolder(async (folder) => {
    const before = await makeDataset(`${folder}/before`, BEFORE),
      now = await makeDataset(`${folder}/now`, NOW);
    const facts = await inspectDataset(now, { since: before }), { since } = facts;
    assert.deepEqual([since!.hash, since!.interactions], [before.manifest.hash, { before: 6, now: 7 }]);
    const { ofAdded: ofUsers, ...users } = since!.users, { ofAdded: ofItems, ...items } = since!.items;
    assert.deepEqual(users, { before: 2, now: 2, added: 1, gone: 1 });
    assert.deepEqual(items, { before: 4, now: 4, added: 1, gone: 1 });
    close(ofUsers, 4 / 7);
    close(ofItems, 2 / 7);
    close(since!.moved, 17 / 42);
    assert.deepEqual(since!.gained.map(({ id }) => id), ["e", "c"]);
    assert.deepEqual(since!.lost.map(({ id, title }) => [id, title]), [["b", "The b"], ["d", "The d"], [
      "a",
      "The a",
    ]]);
    const [{ before: had, now: has }] = since!.gained;
    assert.equal(had, 0);
    close(has, 2 / 7);
    assert.deepEqual(JSON.parse(JSON.stringify(facts)).since, JSON.parse(JSON.stringify(since)));
    const text = inspectionText(facts);
    assert.match(text, /^Since .* \([0-9a-f]{8}\)\n/m);
    assert.match(text, /^users +2 +2 +1 +1 +57\.1 %$/m);
    assert.match(text, /^e +The e +0\.0 % +28\.6 % +\+28\.6 %$/m);
    assert((await inspectionHtml(facts, now)).includes("What has changed"));
    assert(!(await inspectionHtml(await inspectDataset(now), now)).includes("What has changed"));
  }));

Deno.test("what somebody should look at is warned of", () =>
  inFolder(async (folder) => {
    const log = (name: string, rows: string[]) => {
      Deno.writeTextFileSync(join(folder, name), ["user,item,timestamp", ...rows, ""].join("\n"));
      return join(folder, name);
    };
    const rows = (user: (i: number) => string, days: number) =>
      Array.from({ length: 40 }, (_, i) => `${user(i % 4)},i${i % 7},${1_700_000_000 + i * 86_400 * days}`);
    const made = async (name: string, rows: string[], minUser = 2) => {
      const data = log(`${name}.csv`, rows), out = join(folder, name);
      return (await prepare({ data, out, minUser, evalNegatives: 0 })).dataset;
    };
    const whole = await made("whole", rows((i) => `u${i}`, 1));
    const shorter = await made("shorter", rows((i) => `u${i}`, 1).slice(0, 30), 3);
    const others = await made("others", rows((i) => `U${i}`, 2));
    const undated = await made(
      "undated",
      rows((i) => `u${i}`, 1).map((row) =>
        row.replace(/,17\d+$/, (time) => `,${(Number(time.slice(1)) - 1_700_000_000) / 86_400}`)
      ),
    );
    const warned = async (now: typeof whole, since: typeof whole) => {
      const facts: InspectionFacts = await inspectDataset(now, { since });
      return sinceWarnings(facts.since!, facts).map((warning) =>
        warning.replace("since the earlier dataset: ", "")
      );
    };
    assert.deepEqual(await warned(whole, whole), ["nothing has changed: both datasets hold the same data"]);
    assert.deepEqual(await warned(shorter, whole), [
      "10 interactions fewer than before (25 %): is a part of the log missing?",
      "no interaction is newer than before",
      "prepared with other options: minUser: 2, now 3",
    ]);
    assert.deepEqual(await warned(others, whole), [
      "none of the earlier users is there: were their ids written differently?",
    ]);
    assert.deepEqual(await warned(whole, shorter), ["prepared with other options: minUser: 3, now 2"]);

    assert.deepEqual(await warned(undated, whole), ["times are no dates now, and were in seconds"]);

    const { code, stdout, stderr } = await task("inspect", ["shorter", "--since", "whole", "--json"], {
      cwd: folder,
    });
    assert.equal(code, 0, stderr);
    const { since, warnings } = JSON.parse(stdout);
    assert.deepEqual(since.interactions, { before: 40, now: 30 });
    assert(warnings.includes("since the earlier dataset: prepared with other options: minUser: 2, now 3"));
  }));
