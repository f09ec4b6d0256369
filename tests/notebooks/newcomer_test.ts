/**
 * A newcomer's path in a real JupyterLab in a real browser (`tests/browser/newcomer.ts`): with their own data and column names, without
 * looking anything up.
 */
import assert from "node:assert/strict";
import { plantedCsv } from "../../fixtures/planted.ts";
import type { Shown } from "../browser/lab.ts";
import { withJupyterLab } from "../browser/jupyter.ts";
import type { Seen } from "../browser/newcomer.ts";
import { task } from "../command.ts";
import { withFolder } from "../folders.ts";
import { browser, inBrowser } from "../pipeline/display/browser.ts";
import { hasModules } from "../pipeline/export/python.ts";

const runnable = browser !== undefined && hasModules("jupyterlab");
const USERS = 150, ITEMS = 80;

/** Writes a shop's own tables: each order is determined by the user's order two before it. */
function writeShop(folder: string): void {
  const [, ...rows] = plantedCsv({ distance: 2, users: USERS, items: ITEMS, length: 20 }).trim().split("\n");
  const orders = rows.map((row) => {
    const [user, item, time] = row.split(",").map(Number);
    const day = new Date(Date.UTC(2025, 0, 1 + time, 8)).toISOString();
    return `C-${String(user).padStart(4, "0")},A${String(item).padStart(3, "0")},${day},${1 + time % 3}`;
  });
  const articles = Array.from({ length: ITEMS }, (_, i) => {
    const group = ["Tea", "Cups", "Biscuits"][i % 3];
    return `A${String(i + 1).padStart(3, "0")},${group} no. ${i + 1},${group}`;
  });
  const write = (name: string, header: string, lines: string[]) =>
    Deno.writeTextFileSync(`${folder}/${name}`, [header, ...lines].join("\n") + "\n");
  write("orders.csv", "customer_ref,article_no,ordered_on,qty", orders);
  write("articles.csv", "article_no,article_name,product_group", articles);
}

/** The drawings of a search that has compared its candidates. */
const DRAWINGS = [
  "How far each candidate is behind the best in validation loss",
  "Architecture parameters over the steps of the search",
  "Weights of the candidates over the steps of the search",
  "Entropy of the candidates' weights over the steps of the search",
  "Losses over the steps of the search",
];

/** Terms of a command line, dumps of objects and stack traces mean nothing to a notebook's user. */
function assertPlain({ text, overflow }: Shown, name: string) {
  assert.doesNotMatch(
    text,
    /(^|\s)--[a-z]|\bdeno task\b|\[object |\bundefined\b|\bNaN\b|^\s+at .+:\d+:\d+/m,
    name,
  );
  assert.equal(overflow, 0, `${name} is ${overflow} px wider than its place`);
}

Deno.test({
  name:
    "a newcomer's path in JupyterLab: own tables, prepare, a search that is stopped, train, evaluate, recommend",
  ignore: !runnable,
  fn: (t) =>
    withFolder(async (dir) => {
      const folder = `${dir}/an analysis`;
      Deno.mkdirSync(folder);
      writeShop(folder);
      const installed = await task("kernel", ["--prefix", `${dir}/prefix`]);
      assert.equal(installed.code, 0, installed.stderr);
      let seen!: Seen;
      await withJupyterLab({
        python: Deno.env.get("AUTOMLP_PYTHON") || "python3",
        folder,
        kernels: `${dir}/prefix/share/jupyter`,
        home: `${dir}/home`,
      }, async (address) => {
        seen = await inBrowser<Seen>(
          "newcomer.ts",
          address,
          ...Deno.env.get("AUTOMLP_PICTURES")?.split("\n") ?? [],
        );
      });

      await t.step("Tab completes the import and names options, Shift+Tab shows what they mean", () => {
        assert.deepEqual(seen.offered, ["prepare"]);
        assert.equal(seen.taken, 'import { prepare } from "automlp"');
        for (const part of ["columns?:", "itemColumns?:", "out: string", "@example"]) {
          assert.ok(seen.documentation.includes(part), `${part} in ${seen.documentation}`);
        }
        assert.deepEqual(seen.options, ["itemColumns", "items"]);
        assert.match(seen.member, /Search\.select\(/);
      });

      await t.step("what is missing is said in the words of a cell", () => {
        assert.match(
          seen.guessed.error,
          /no user column among "customer_ref".*columns: \{ user: "…", item: "article_no", timestamp: "ordered_on" \}/,
        );
        assert.match(seen.placeless.error, /^InputError: .*out: "/);
      });

      await t.step(
        "nothing but these two and the stop is an error; nothing is cut, nothing speaks of commands",
        () => {
          const { guessed, placeless, stopped, ...others } = seen;
          for (const [name, shown] of Object.entries({ ...others, guessed, placeless, stopped })) {
            if (typeof shown !== "object" || Array.isArray(shown)) continue;
            assertPlain(shown, name);
            if (name in others) assert.equal(shown.error, "", name);
          }
        },
      );

      await t.step("the dataset shows what was taken, with drawings", () => {
        const { text, drawings, tips } = seen.prepared;
        for (const part of ["customer_ref", "article_no", "ordered_on", "product_group"]) {
          assert.ok(text.includes(part), `${part} in ${text}`);
        }
        assert.match(text, /users\s+150\b/);
        assert.equal(drawings.length, 2);
        assert.ok(tips.some((tip) => /users/.test(tip)), tips.join("\n"));
      });

      await t.step(
        "the stop button stops within two seconds, says how to go on, and the search goes on",
        () => {
          assert.match(
            seen.stopped.error,
            /^Interrupted: Stopped while searching, epoch \d+.*run the search again to resume/,
          );
          assert.ok(seen.stopSeconds < 2, `${seen.stopSeconds} s`);
          // A stop between two epochs leaves no line of an epoch that was cut.
          const stoppedIn = Number(/searching, epoch (\d+)/.exec(seen.stopped.error)![1]);
          assert.ok(stoppedIn >= 3 && stoppedIn < 60);
          assert.match(seen.resumed.text, /Search, 60 of 60 epochs/);
          // Stopped after an epoch's last step, it continues with the next epoch.
          const left = Number(/the last of (\d+) in /.exec(seen.resumed.text)![1]);
          assert.ok([60 - stoppedIn, 60 - stoppedIn + 1].includes(left), `${left} behind ${stoppedIn}`);
        },
      );

      await t.step("the search shows its curves, also narrow, with values on hover", () => {
        for (const { drawings, tips, hovered } of [seen.resumed, seen.narrow]) {
          assert.deepEqual(drawings, DRAWINGS);
          assert.ok(hovered.length > 0 && hovered.every((tip) => /^step \d/.test(tip)), hovered.join("\n"));
          assert.ok(
            tips.some((tip) => /step \d+[^]*k = 2: \d+\.?\d* ?%/.test(tip)),
            tips.slice(0, 5).join("\n"),
          );
        }
      });

      await t.step("the length is selected, the model trained, evaluated, and recommends by name", () => {
        // The order two before is what determines the next: see writeShop.
        assert.match(seen.selected.text, /The short-term length 2 was selected/);
        assert.match(seen.trained.text, /epoch 3: loss/);
        assert.match(seen.model.text, /product_group/);
        assert.match(seen.evaluated.text, /NDCG@10/);
        assert.match(seen.recommended.text, /C-0003.+(Tea|Cups|Biscuits) no\. \d+/);
        assert.match(seen.recommended.text, /10 rows/);
      });
    }),
});
