import assert from "node:assert/strict";
import { join } from "node:path";
import { makeJupyter } from "../../../notebooks/kernel/jupyter.ts";
import { RunError } from "../../../pipeline/contract/errors.ts";
import { silent } from "../../../pipeline/contract/progress.ts";
import { withFolder } from "../../folders.ts";

Deno.test("JupyterLab is not installed over a folder of somebody else's that has the name", () =>
  withFolder(async (dir) => {
    const environment = join(dir, "jupyter");
    Deno.mkdirSync(environment);
    Deno.writeTextFileSync(join(environment, "thesis.ipynb"), "mine");
    // Aborted: were the folder taken, the work would end before anything is downloaded.
    await assert.rejects(
      makeJupyter(silent, AbortSignal.abort(), environment),
      (error: Error) =>
        error instanceof RunError &&
        /^Cannot install JupyterLab.*(did not make|no Python)/.test(error.message),
    );
    assert.deepEqual([...Deno.readDirSync(environment)].map(({ name }) => name), ["thesis.ipynb"]);
  }));
