/** The process in a sandbox: reads one case per line, as JSON, and answers with its outcome. */
import { join } from "node:path";
import { root } from "../paths.ts";
import { linesOf } from "./lines.ts";
import { runPlaceCase } from "./place_case.ts";
import type { Work } from "./work.ts";
import { makeTemplates } from "./world.ts";

const [sandbox] = Deno.args;

/** A last check before anything is done: nothing can be written outside of the sandbox. */
function refuseToLeak(): void {
  for (const folder of [root, join(sandbox, "..")]) {
    try {
      Deno.makeTempDirSync({ dir: folder, prefix: ".leak-" });
    } catch {
      continue;
    }
    throw new Error(`${folder} can be written: this is no sandbox`);
  }
}

const folder = join(sandbox, "templates");

async function answer(work: Work): Promise<unknown> {
  switch (work.do) {
    case "begin":
      refuseToLeak();
      await makeTemplates(folder);
      return "begun";
    case "place":
      return await runPlaceCase(work.case, sandbox, folder);
  }
}

const encoder = new TextEncoder();
for await (const line of linesOf(Deno.stdin.readable)) {
  Deno.stdout.writeSync(encoder.encode(JSON.stringify(await answer(JSON.parse(line))) + "\n"));
}
