import { join } from "node:path";
import { RunFolder } from "../../../model/runs/folder.ts";
import { withFolder } from "../../folders.ts";
import { refused } from "../support.ts";

Deno.test("folders of another kind, of a newer version and without a run are refused", () =>
  withFolder(async (dir) => {
    await refused(
      () => RunFolder.open(dir),
      /Cannot open the run .*: there is no run.json in it; make one with/,
    );
    await refused(() => RunFolder.open(join(dir, "none")), /: there is no such folder; make one with/);
    await refused(() => RunFolder.open("~/runs/mine"), /: ~ is the home folder only to a shell/);
    const file = (name: string, value: unknown) =>
      Deno.writeTextFileSync(join(dir, name), JSON.stringify(value));
    file("manifest.json", { format: "automlp-dataset", tables: {} });
    await refused(() => RunFolder.open(dir), /Cannot open the run .*: it is a dataset; give another folder/);
    await refused(
      () => RunFolder.create(dir),
      /Cannot write the run .*: a dataset is there; choose another folder/,
    );
    Deno.removeSync(join(dir, "manifest.json"));
    file("run.json", { format: "mlflow", version: 1 });
    await refused(
      () => RunFolder.create(dir),
      /the folder holds files that automlp did not write \(run.json\)/,
    );
    await refused(() => RunFolder.open(dir), /its run.json is not one of automlp; give another folder/);
    file("run.json", { format: "automlp-run", version: 3, more: "than we know" });
    await refused(
      () => RunFolder.open(dir),
      /Cannot read .*run.json: the run has format version 3, this program knows up to 2; use a newer automlp/,
    );
    Deno.mkdirSync(join(dir, "all", "mine"), { recursive: true });
    Deno.writeTextFileSync(join(dir, "all", "mine", "run.json"), "{}");
    await refused(
      () => RunFolder.open(join(dir, "all")),
      /all: it holds runs, and is none; name one of them, as .*all\/mine \(deno task runs lists them\)$/,
    );
    await refused(
      () => RunFolder.open(join(dir, "all", "mnie")),
      /mnie: there is no such folder \(did you mean .*all\/mine\?\); make one with/,
    );
    Deno.writeTextFileSync(join(dir, "file"), "");
    await refused(() => RunFolder.create(join(dir, "file")), /Cannot (read|write) .*file/);
    const inRun = join(dir, "all", "mine", "run.json");
    await refused(() => RunFolder.open(inRun), /: it is a file; name the folder of a run, as .*all\/mine$/);
    Deno.removeSync(join(dir, "run.json"));
    await refused(() => RunFolder.open(join(dir, "file")), /: it is a file; name the folder of a run$/);
  }));
