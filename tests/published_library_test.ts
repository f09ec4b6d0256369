/** The library imported by its name in a registry, in a folder with a configuration of two lines. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { plantedCsv } from "../fixtures/planted.ts";
import { withFolder } from "./folders.ts";
import { emptyCaches, withRegistry } from "./registry.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

const SCRIPT = `import { prepare } from "jsr:@automlp/automlp/pipeline";
import { openEngine, recommend, train } from "jsr:@automlp/automlp/model";

const { dataset } = await prepare({ data: "log.csv", out: "data", evalNegatives: 9, protocols: ["recbole"] });
// Nothing of the program is on the disk yet, so that there is no native engine; another one is asked for.
const model = await train("gru4rec", dataset, { epochs: 1, dim: 4, length: 6 }, await openEngine({ engine: "cpu" }));
console.log(dataset.manifest.counts.users, (await recommend(model, dataset, { k: 3 })).height);
`;

Deno.test("a script in another folder prepares, trains and recommends with the library from a registry", () =>
  withFolder((dir) =>
    withRegistry(async (url) => {
      const work = join(dir, "work"), env = await emptyCaches(dir, url);
      Deno.mkdirSync(work);
      Deno.writeTextFileSync(join(work, "log.csv"), plantedCsv({ users: 40, length: 20, distance: 2 }));
      Deno.writeTextFileSync(
        join(work, "deno.json"),
        JSON.stringify({ unstable: ["npm-lazy-caching", "lazy-dynamic-imports"] }),
      );
      Deno.writeTextFileSync(join(work, "script.ts"), SCRIPT);
      const args = ["run", "--quiet", "--allow-all", "script.ts"];
      const ran = await new Deno.Command(Deno.execPath(), { args, cwd: work, env }).output();
      assert.match(
        text(ran.stderr),
        /^warning: Recommended 0 to 2 items of the 3 asked for to \d+ of 40 users: [^\n]+\n$/,
      );
      assert.match(text(ran.stdout), /^40 1\d\d\n$/); // a user has at most three unseen items
    })
  ));
