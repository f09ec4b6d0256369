/** What a page's lines assume: a log in the forms in which readers have theirs, and what earlier commands have left. */
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { writeShop } from "../../fixtures/shop.ts";
import { blocksOf } from "./read.ts";

/** The commands run before a page's first line. */
export const BEFORE: Readonly<Record<string, readonly string[]>> = {
  "docs/training.md": [
    "deno task prepare --data ratings.csv --items items.csv --out data/mine",
    "deno task train --method fpmc --dataset data/mine --out runs/a",
    "deno task train --method gru4rec --dataset data/mine --out runs/b",
    "deno task train --method sasrec --dataset data/mine --out runs/sasrec",
    "deno task prepare --data today.csv --out data/today",
  ],
  "docs/scale.md": [
    "deno task prepare --data ratings.csv --out data/mine",
    "deno task prepare --data ratings.csv --out data/logs",
    "deno task train --method sasrec --dataset data/mine --out runs/mine",
  ],
  "docs/reading.md": [
    "deno task prepare --data ratings.csv --out data/mine",
    "deno task pipeline --dataset data/mine --out runs/mine",
    "deno task train --method gru4rec --dataset data/mine --out runs/other",
  ],
  "docs/choosing.md": ["deno task prepare --data ratings.csv --out data/mine"],
};

/** The commands that a page applies to a file that it shows. */
export const AFTER: Readonly<Record<string, readonly string[]>> = {
  "docs/data.md": ["deno task prepare --config run.yaml"],
};

/** The file names by which pages refer to the configurations that they show. */
const CONFIGURATIONS: Readonly<Record<string, string>> = {
  "docs/data.md": "run.yaml",
  "docs/training.md": "plan.yaml",
};

/** Formats seconds since 1970 as in 31.12.2024 09:05. */
function asGerman(seconds: string): string {
  const [date, time] = new Date(Number(seconds) * 1000).toISOString().split("T");
  return `${date.split("-").reverse().join(".")} ${time.slice(0, 5)}`;
}

/** The log with a column of actions, which are taken in turn. */
function withActions(log: string): string {
  const [header, ...rows] = log.trimEnd().split("\n"), actions = ["purchase", "view", "basket", "purchase"];
  return [`${header},action`, ...rows.map((row, i) => `${row},${actions[i % 4]}`)].join("\n") + "\n";
}

/** Writes the files that a page's lines name. */
export async function writeInputs(document: string, dir: string): Promise<void> {
  await writeShop(join(dir, "given"), { users: 300 });
  const table = (name: string) =>
    Deno.readTextFileSync(join(dir, "given", name)).replace(/\bu0+(?=\d)/g, "u"); // u1, as in the pages
  const renamed = (name: string, names: Record<string, string>) => {
    const [header, ...rows] = table(name).split("\n");
    return [header.split(",").map((column) => names[column] ?? column).join(","), ...rows].join("\n");
  };
  const log = renamed("interactions.csv", { user: "uid", item: "sku", timestamp: "ts" });
  const german = { user: "Kunde", item: "Artikel", timestamp: "Datum" };
  const orders = { user: "customer_ref", item: "article_no", timestamp: "ordered_on" };
  Deno.mkdirSync(join(dir, "logs"));
  Deno.writeFileSync(join(dir, "logs/one.csv.gz"), gzipSync(log));
  const [configuration] = blocksOf(document, "yaml");
  for (
    const [name, text] of Object.entries({
      "ratings.csv": table("interactions.csv"),
      "log.csv": table("interactions.csv"),
      "today.csv": table("interactions.csv"),
      "items.csv": table("items.csv"),
      "users.csv": table("users.csv"),
      "orders.csv": renamed("interactions.csv", orders),
      "clicks.csv": withActions(
        renamed("interactions.csv", { user: "visitor", item: "product", timestamp: "time" }),
      ),
      "sessions.csv": renamed("interactions.csv", { user: "session", item: "product", timestamp: "time" }),
      "bestellungen.csv": renamed("interactions.csv", german).replace(/\b\d{10}$/gm, asGerman),
      "articles.csv": renamed("items.csv", { title: "article_name" }),
      "sold-out.txt": "SH-0001\nSH-0002\n",
      ...configuration && { [CONFIGURATIONS[document]]: configuration },
    })
  ) Deno.writeTextFileSync(join(dir, name), text);
}
