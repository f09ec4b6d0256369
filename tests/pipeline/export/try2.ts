import { inFolder, makeDataset, TOY } from "./dataset.ts";
import { exportDataset } from "../../../pipeline/export/mod.ts";
import { hasModules, runPython } from "./python.ts";
console.log(hasModules("recbole"));
await inFolder(async (f) => {
  const d = await makeDataset(f, TOY);
  await exportDataset(d, { to: "recbole", out: f + "/out" });
  console.log(JSON.stringify(runPython("read_recbole.py", f + "/out"), null, 1));
});
