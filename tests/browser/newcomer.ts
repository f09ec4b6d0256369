/**
 * What a newcomer sees in JupyterLab, from an empty notebook to recommendations: JSON on stdout. `tests/notebooks/newcomer_test.ts` checks
 * it.
 *
 *     deno run -A newcomer.ts BROWSER ADDRESS [FOLDER for pictures]
 *
 * @module
 */
import { Notebook, type Shown } from "./lab.ts";
import { startBrowser } from "./start.ts";

/** What was seen, in the order of the path. */
export interface Seen {
  offered: string[];
  taken: string;
  imported: Shown;
  documentation: string;
  options: string[];
  /** Without saying which column is which, and without an output folder. */
  guessed: Shown;
  placeless: Shown;
  prepared: Shown;
  begun: Shown;
  stopped: Shown;
  /** Seconds from the stop button to the end of the cell. */
  stopSeconds: number;
  resumed: Shown;
  selected: Shown;
  member: string;
  trained: Shown;
  model: Shown;
  evaluated: Shown;
  recommended: Shown;
  /** The notebook, in a window half as wide. */
  narrow: Shown;
  seconds: number;
}

const COLUMNS = 'columns: { user: "customer_ref", item: "article_no", timestamp: "ordered_on" }';

async function path(notebook: Notebook): Promise<Omit<Seen, "seconds">> {
  await notebook.type('import { prep| } from "automlp"');
  const offered = await notebook.tab();
  await notebook.take();
  const taken = await notebook.code();
  const imported = await notebook.run(
    'import { evaluate, networkFor, openEngine, prepare, recommend, Search, train } from "automlp";',
  );
  await notebook.type("await prep|are()");
  const documentation = await notebook.documentation();
  await notebook.type('await prepare({ data: "orders.csv", item| })');
  const options = await notebook.tab();
  await notebook.close();
  const guessed = await notebook.run(
    'await prepare({ data: "orders.csv", items: "articles.csv", out: "shop" });',
  );
  const placeless = await notebook.run(
    `await prepare({ data: "orders.csv", items: "articles.csv", ${COLUMNS} });`,
  );
  const prepared = await notebook.run(`const { dataset } = await prepare({
data: "orders.csv", items: "articles.csv", itemColumns: { title: "article_name" }, out: "shop",
${COLUMNS} });
dataset`);

  const begun = await notebook.run(`const sizes = { dim: 16, length: 10, longLayers: 0 };
const search = new Search(await openEngine(), dataset, networkFor(dataset, { ...sizes, lengths: [1, 2, 5] }), {
epochs: 60, batchSize: 64, alphaData: 0.2, elimination: false });
search`);
  const loop = "for await (const epoch of search);";
  const cell = await notebook.start(loop);
  await cell.getByText("✓ search, epoch 2").waitFor();
  const pressed = performance.now();
  await notebook.stop();
  const stopped = await notebook.finished(cell), stopSeconds = (performance.now() - pressed) / 1000;
  const resumed = await notebook.run(`${loop}\nsearch`);
  const selected = await notebook.run("const choice = search.select();\nchoice");
  await notebook.type("search.sel|ect()");
  const member = await notebook.documentation();

  const trained = await notebook.run(
    'const model = await train("automlp", dataset, { ...sizes, lengths: [choice.shortTermLength], epochs: 3, batchSize: 64 });',
  );
  const model = await notebook.run("model");
  const evaluated = await notebook.run("await evaluate(model, dataset)");
  const recommended = await notebook.run(
    'await recommend(model, dataset, { users: ["C-0003", "C-0017"], k: 5 })',
  );
  await notebook.page.setViewportSize({ width: 650, height: 900 });
  const narrow = await notebook.run("search");
  return {
    offered,
    taken,
    imported,
    documentation,
    options,
    guessed,
    placeless,
    prepared,
    begun,
    stopped,
    stopSeconds,
    resumed,
    selected,
    member,
    trained,
    model,
    evaluated,
    recommended,
    narrow,
  };
}

if (import.meta.main) {
  const [program, address, pictures] = Deno.args;
  const browser = await startBrowser(program), began = performance.now();
  try {
    const page = await browser.newPage({ viewport: { width: 1300, height: 900 } });
    page.setDefaultTimeout(60_000);
    const seen = await path(await Notebook.create(page, address, "AutoMLP (Deno)", pictures));
    console.log(JSON.stringify({ ...seen, seconds: (performance.now() - began) / 1000 } satisfies Seen));
  } finally {
    await browser.close();
  }
}
