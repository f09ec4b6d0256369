/** What the kernel does to the repository's files, and which folder it is in from its first cell on (`tests/python/kernel_lock.py`). */
import assert from "node:assert/strict";
import { join } from "node:path";
import { configurationFor } from "../../../notebooks/kernel/own_folder.ts";
import { installSpec, kernelSpec, prefixFolder } from "../../../notebooks/kernel/install.ts";
import { withFolder } from "../../folders.ts";
import { root } from "../../paths.ts";
import { hasModules, runPython } from "../../pipeline/export/python.ts";

Deno.test("the kernel's configuration is the repository's, of any folder", () => {
  const { imports, nodeModulesDir } = configurationFor(root);
  assert.equal(nodeModulesDir, "auto");
  assert.equal(imports.automlp, import.meta.resolve("automlp"));
  assert.equal(imports["automlp/model"], import.meta.resolve("automlp/model"));
  assert.match(imports["nodejs-polars"], /^npm:nodejs-polars@\d/);
  assert.ok(!Object.values(imports).some((target) => target.startsWith(".")));
});

Deno.test({
  name:
    "a cell that imports a package leaves the repository's lock; cells are in the notebook's folder from the first on",
  ignore: !hasModules("jupyter_client"),
  fn: () =>
    withFolder(async (dir) => {
      const jupyter = prefixFolder(`${dir}/prefix`), folder = join(dir, "a notebook's folder");
      Deno.mkdirSync(folder);
      Deno.writeTextFileSync(join(folder, "own.ts"), "export const own = 42;\n");
      await installSpec(jupyter, "automlp-test", kernelSpec());
      const lock = join(root, "deno.lock"), before = Deno.readTextFileSync(lock);
      try {
        const { folder: first, after, left, ...seen } = runPython<Record<string, unknown>>(
          ...["kernel_lock.py", jupyter, "automlp-test", folder] as const,
        );
        assert.equal(first, `"${Deno.realPathSync(folder)}"`);
        assert.equal(after, first);
        assert.deepEqual(seen, { package: '"function"', library: '"function"', own: "42", count: 5 });
        assert.deepEqual(left, [], "its own files are taken away");
        assert.equal(Deno.readTextFileSync(lock), before);
        assert.ok(Deno.statSync(join(root, "node_modules", "zod")).isDirectory);
      } finally {
        Deno.writeTextFileSync(lock, before);
      }
    }),
});
