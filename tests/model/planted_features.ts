/** Small datasets in which features tell what ids do not. */
import { prepare, type SequenceDataset } from "../../mod.ts";
import { RandomStream } from "../../pipeline/contract/random.ts";

/** Number of different answers, which are items 1 … 10, and of kinds of questions. */
const KINDS = 10;

/**
 * A prepared dataset in which questions and answers alternate, in a folder that the caller removes. There are so many question items that
 * hardly any occurs twice; a question's kind, a feature, determines which answer follows.
 */
export async function plantedFeatures(
  dir: string,
  { users = 200, length = 30, questions = 2000 }: { users?: number; length?: number; questions?: number } =
    {},
): Promise<SequenceDataset> {
  const random = new RandomStream(1, "planted features"), lines = ["user,item,timestamp"];
  const kindOf = (question: number) => 1 + question % KINDS;
  for (let user = 1; user <= users; user++) {
    for (let t = 0; t < length; t += 2) {
      const question = KINDS + 1 + random.below(questions), pair = [question, kindOf(question)];
      pair.forEach((item, i) => lines.push(`${user},${item},${t + i}`));
    }
  }
  const items = [
    "item,kind",
    ...Array.from({ length: KINDS + questions }, (_, i) => {
      const item = i + 1;
      return `${item},kind ${item > KINDS ? kindOf(item) : item}`;
    }),
  ];
  const data = `${dir}/planted.csv`, table = `${dir}/items.csv`;
  Deno.writeTextFileSync(data, lines.join("\n") + "\n");
  Deno.writeTextFileSync(table, items.join("\n") + "\n");
  const { dataset } = await prepare({
    data,
    items: table,
    features: ["kind:categorical"],
    out: `${dir}/dataset`,
    protocols: ["recbole"],
    evalNegatives: 10,
  });
  return dataset;
}
