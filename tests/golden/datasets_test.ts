/**
 * The content hashes of datasets, to the bit: a change of code that is to leave every dataset as it is must not change these. That DuckDB and
 * Spark make the same as Polars is in `tests/pipeline/scale/contract_test.ts`; two of them stand here as well.
 */
import { join } from "node:path";
import { prepare } from "../../mod.ts";
import { withFolder } from "../folders.ts";
import { hasShared, root, sharedData } from "../paths.ts";
import { randomRows } from "../pipeline/frames.ts";
import { assertGolden } from "./golden.ts";

type Input = Partial<Parameters<typeof prepare>[0]>;

const HAND: Input = {
  data: `${root}fixtures/hand/interactions.csv`,
  items: `${root}fixtures/hand/items.csv`,
  minUser: 5,
  evalNegatives: 2,
};
const ML_100K: Input = {
  dataset: "ml-100k",
  data: ["u.data.gz", "u.item.gz", "u.user.gz"].map((file) => `${sharedData}ml-100k/${file}`),
};
const BEAUTY: Input = { data: `${sharedData}amazon-beauty/interactions_5core.csv.gz`, minUser: 5 };

/** A log as people have them: times in German, a decimal comma, words for nothing, and rows that cannot be read. */
const LOG = "kunde;artikel;datum;menge\n" +
  randomRows(5, 30, 20).map(([user, item, time], i) =>
    `${i % 41 === 7 ? "" : `Kunde ${user}`};A-${item};${i % 53 === 9 ? "gestern" : germanTime(+time)};${
      i % 5
    },5\n`
  ).join("");

function germanTime(minutes: number): string {
  const [date, time] = new Date(1.6e12 + minutes * 60_000).toISOString().split("T");
  return `${date.split("-").reverse().join(".")} ${time.slice(0, 5)}`;
}

const CASES: Record<string, { needs?: string; input: Input }> = {
  "hand": { input: HAND },
  "hand, on disk": { input: { ...HAND, engine: "duckdb" } },
  "demo": { input: { dataset: "demo" } },
  "log with bad rows": {
    input: {
      ...{ onBadRow: "skip", timeFormat: "%d.%m.%Y %H:%M", decimal: "comma", minUser: 3 },
      columns: { user: "kunde", item: "artikel", timestamp: "datum", rating: "menge" },
    },
  },
  "ml-100k": { needs: "ml-100k/u.data.gz", input: ML_100K },
  "ml-100k, on disk": { needs: "ml-100k/u.data.gz", input: { ...ML_100K, engine: "duckdb" } },
  "ml-100k, k-core": {
    needs: "ml-100k/u.data.gz",
    input: { ...ML_100K, filter: "k-core", minUser: 20, minItem: 20 },
  },
  "ml-100k, ratio": { needs: "ml-100k/u.data.gz", input: { ...ML_100K, split: "ratio" } },
  "ml-100k, global-time": { needs: "ml-100k/u.data.gz", input: { ...ML_100K, split: "global-time" } },
  "ml-100k, sampled users, another seed": {
    needs: "ml-100k/u.data.gz",
    input: { ...ML_100K, sampleUsers: 300, seed: 7, minRating: 3, duplicates: "last", exponent: 0.75 },
  },
  "ml-1m": { needs: "ml-1m/interactions.csv.gz", input: { data: `${sharedData}ml-1m/interactions.csv.gz` } },
  "ml-1m, sequences": {
    needs: "ml-1m/sequences.txt.gz",
    input: { data: `${sharedData}ml-1m/sequences.txt.gz` },
  },
  "beauty": { needs: "amazon-beauty/interactions_5core.csv.gz", input: BEAUTY },
};

for (const [name, { needs, input }] of Object.entries(CASES)) {
  Deno.test({
    name: `golden: the dataset ${name}`,
    ignore: needs !== undefined && !hasShared(needs),
    fn: () =>
      withFolder(async (dir) => {
        Deno.writeTextFileSync(join(dir, "log.csv"), LOG);
        const data = input.data ?? (input.dataset ? undefined : join(dir, "log.csv"));
        const { dataset } = await prepare({ ...input, data, out: join(dir, "made") });
        assertGolden("datasets", name, dataset.manifest.hash);
      }),
  });
}
