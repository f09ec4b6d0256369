/** The process in a sandbox: takes a case a line, as JSON, and answers with its outcome. */
import { join } from "node:path";
import { root } from "../paths.ts";
import { linesOf } from "./lines.ts";
import { type PlaceCase, runPlaceCase } from "./place_case.ts";
import { makeTemplates } from "./world.ts";

const [sandbox] = Deno.args;

/** The last look before anything is done: outside of the sandbox nothing can be written. */
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

const templates = join(sandbox, "templates");

async function answer(work: PlaceCase | "begin"): Promise<unknown> {
  if (work !== "begin") return await runPlaceCase(work, sandbox, templates);
  refuseToLeak();
  await makeTemplates(templates);
  return "begun";
}

const encoder = new TextEncoder();
for await (const line of linesOf(Deno.stdin.readable)) {
  Deno.stdout.writeSync(encoder.encode(JSON.stringify(await answer(JSON.parse(line))) + "\n"));
}
