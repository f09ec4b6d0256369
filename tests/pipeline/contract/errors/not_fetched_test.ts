/** A package that is first needed without a network: Deno's error is turned into plain words. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { notFetchedLine } from "../../../../pipeline/contract/errors/system.ts";
import { withFolder } from "../../../folders.ts";
import { root } from "../../../paths.ts";

const SCRIPT = `import { notFetchedLine } from ${JSON.stringify(`${root}pipeline/contract/errors/system.ts`)};
await import("fflate").catch((error) => console.log(notFetchedLine(error)));
`;

Deno.test("a package that cannot be fetched is named, with what to do", () =>
  withFolder(async (dir) => {
    for (const name of ["deno.json", "deno.lock", "package.json"]) {
      Deno.copyFileSync(root + name, join(dir, name));
    }
    Deno.writeTextFileSync(join(dir, "script.ts"), SCRIPT);
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--allow-all", "script.ts"],
      cwd: dir,
      env: { DENO_DIR: join(dir, "deno"), NPM_CONFIG_REGISTRY: "http://127.0.0.1:9", NO_COLOR: "1" },
    }).output();
    assert.match(
      new TextDecoder().decode(stdout),
      /^Cannot fetch the package [@\w\/.-]+@[\d.]+, which comes when it is first needed; run this again when [^\n]+\n$/,
      new TextDecoder().decode(stderr),
    );
  }));

Deno.test("other errors are none of these", () => {
  assert.equal(notFetchedLine(new Error("Cannot find module")), undefined);
  assert.equal(notFetchedLine("Failed caching npm package 'zod@4.6.7'"), undefined);
});
