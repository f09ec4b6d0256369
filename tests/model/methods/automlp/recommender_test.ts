import "../../../../model/methods/registry.ts";
import { networkFor } from "../../../../model/methods/automlp/method.ts";
import { openEngine } from "../../../../model/backend/engine.ts";
import { Training } from "../../../../model/train/training.ts";
import { plantedDataset } from "../../planted.ts";
import { recommenderContract } from "../../recommender_contract.ts";
import { OPTIONS, SIZES } from "../../train/planted_training.ts";
import { checkVectors } from "../../vectors.ts";

const engine = await openEngine();

const contractDir = Deno.makeTempDirSync();
const contractData = await plantedDataset(contractDir, { users: 40 });
addEventListener("unload", () => Deno.removeSync(contractDir, { recursive: true }));
recommenderContract("AutoMLP", () => {
  const config = networkFor(contractData, { ...SIZES, lengths: [3] });
  const training = new Training(engine, contractData, config, OPTIONS);
  training.step();
  return Promise.resolve(training.recommender());
}, { users: 40, tolerance: 1e-4 });

for (const score of ["dot", "cosine"] as const) {
  Deno.test(`AutoMLP: its scores are the dot products of its vectors (${score})`, async () => {
    const config = networkFor(contractData, { ...SIZES, lengths: [3], score });
    const training = new Training(engine, contractData, config, OPTIONS);
    training.step();
    await checkVectors(training.recommender());
    training.dispose();
  });
}
