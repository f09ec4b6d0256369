import assert from "node:assert/strict";
import { join } from "node:path";
import { findJupyter, makeJupyter } from "../../../notebooks/kernel/jupyter.ts";
import { run } from "../../../model/backend/provision/process.ts";
import { RunError } from "../../../pipeline/contract/errors.ts";
import { silent } from "../../../pipeline/contract/progress.ts";
import { withFolder } from "../../folders.ts";

Deno.test("JupyterLab is not installed over a folder of somebody else's that has the name", () =>
  withFolder(async (dir) => {
    const environment = join(dir, "jupyter");
    Deno.mkdirSync(environment);
    Deno.writeTextFileSync(join(environment, "thesis.ipynb"), "mine");
    // Aborted from the start: if the folder were accepted, the work would still end before any download.
    await assert.rejects(
      makeJupyter(silent, AbortSignal.abort(), environment),
      (error: Error) =>
        error instanceof RunError &&
        /^Cannot install JupyterLab.*(did not make|no Python)/.test(error.message),
    );
    assert.deepEqual([...Deno.readDirSync(environment)].map(({ name }) => name), ["thesis.ipynb"]);
  }));

const hasPython = (await run("python3", ["--version"])).ok;

Deno.test({
  name: "looking for JupyterLab runs no module that lies in the current folder",
  ignore: !hasPython,
  fn: () =>
    withFolder(async (dir) => {
      const before = Deno.cwd();
      Deno.writeTextFileSync(join(dir, "jupyterlab.py"), "open('ran', 'w')");
      Deno.chdir(dir);
      try {
        await findJupyter("python3").catch((error) => assert.match(error.message, /has none/));
        await findJupyter(undefined, join(dir, "none"));
      } finally {
        Deno.chdir(before);
      }
      assert.deepEqual([...Deno.readDirSync(dir)].map(({ name }) => name), ["jupyterlab.py"]);
    }),
});
