import { inFolder, makeDataset, TOY } from "./dataset.ts";
import { exportDataset } from "../../../pipeline/export/mod.ts";
await inFolder(async (f) => {
  const d = await makeDataset(f, TOY);
  for (const to of ["recbole", "csv", "parquet", "jsonl", "lenskit", "libsvm", "sasrec", "sequences", "session"] as const) {
    const r = await exportDataset(d, { to, out: f + "/out" });
    console.log("=======", to); console.log(String(r));
    for (const file of r.files) if (!file.path.endsWith("parquet")) console.log("--- " + file.path + "\n" + Deno.readTextFileSync(f + "/out/" + file.path));
  }
});
