import assert from "node:assert/strict";
import { join } from "node:path";
import { contextOf, offerContext } from "../../../pipeline/contract/context.ts";
import { type Progress, silent } from "../../../pipeline/contract/progress.ts";
import { root } from "../../paths.ts";

Deno.test("work takes what it is passed, else what the surroundings offer, else it says no more than warnings", () => {
  const alone = contextOf({}).progress;
  assert.equal(contextOf({}).signal, undefined);
  const offered: Progress = { ...silent }, passed: Progress = { ...silent };
  const stop = new AbortController(), own = new AbortController();
  try {
    offerContext(() => ({ progress: offered, signal: stop.signal }));
    assert.equal(contextOf({}).progress, offered);
    assert.equal(contextOf({}).signal, stop.signal);
    assert.equal(contextOf({ progress: passed }).progress, passed);
    assert.equal(contextOf({ progress: passed }).signal, stop.signal);
    assert.equal(contextOf({ signal: own.signal }).signal, own.signal);
  } finally {
    offerContext(() => ({}));
  }
  assert.equal(contextOf({}).progress, alone);
});

Deno.test("where nobody listens, warnings go to stderr, in the words of who reads them; how far work is, is not said", async () => {
  const program = `
    import { contextOf } from ${JSON.stringify(import.meta.resolve("../../../pipeline/contract/context.ts"))};
    import { speakInCode } from ${
    JSON.stringify(import.meta.resolve("../../../pipeline/display/text/option_names.ts"))
  };
    speakInCode();
    const { progress } = contextOf({}), task = progress.start("reading", 2, "rows");
    task.advance(1);
    progress.warn("too few users; lower --min-user\\u001b[2J");
    progress.remark?.("by the way");
    task.end("done");
  `;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--config", join(root, "deno.json"), program],
    env: { NO_COLOR: "1" },
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assert.equal(out, "");
  assert.match(err, /^warning: too few users; lower minUser\S+\n$/);
  assert(!err.includes("\u001b"));
});
