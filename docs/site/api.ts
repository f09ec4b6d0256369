/**
 * The library reference, made by `deno doc --html`, as part of the site.
 *
 * @module
 */
import { join, posix } from "node:path";
import { RunError } from "../../pipeline/contract/errors.ts";
import { entryAt } from "../../pipeline/contract/files/system.ts";
import { walk } from "../../pipeline/contract/files/walk.ts";

/**
 * Writes the reference pages of all entry points of the library.
 *
 * @param root The repository.
 * @param doors The modules, relative to it.
 * @param folder The folder to write, which must not exist.
 * @throws {RunError} if Deno cannot document the modules.
 */
export async function writeApi(root: string, doors: readonly string[], folder: string): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--quiet", "--html", "--name=automlp", `--output=${folder}`, ...doors],
    cwd: root,
    env: { NO_COLOR: "1" },
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success || !entryAt(join(folder, "index.html"))) {
    const lines = new TextDecoder().decode(stderr).split("\n");
    throw new RunError(
      `Cannot document the library: deno doc says "${lines.find((line) => /^error/.test(line)) ?? lines[0]}"`,
    );
  }
  for (const { path } of walk(folder)) {
    if (!path.endsWith(".html")) continue;
    const file = join(folder, path), up = posix.relative(posix.dirname(path), "..");
    Deno.writeTextFileSync(file, adapt(Deno.readTextFileSync(file), root, `${up}/index.html`));
  }
}

/** Name of the package, whose entry points `deno doc` calls `.`, `pipeline`, `model` and `notebook`. */
const PACKAGE = "@automlp/automlp";

/** On a phone the header wraps and wide content scrolls by itself: otherwise the page would be as wide as its widest line of code. */
const NARROW = "<style>.ddoc * { min-width: 0 } @media (max-width: 40rem) { #topnav { height: auto } " +
  "#topnav > div { flex-wrap: wrap; gap: .5rem; height: auto } }</style>";

/**
 * Sources are named by their place in the repository, not on the machine that made the page; imports name the package; a file whose name
 * has a percent sign is found; what `K in keyof T` names within a type is no link, for it has no place; a phone shows the page; and there is a
 * way back to the guide.
 */
function adapt(html: string, root: string, guide: string): string {
  const machine = `file://${root}`.replaceAll("/", "&#x2F;");
  return html
    .replace("</head>", `${NARROW}</head>`)
    .replace(/ href="(file:[^"]*)"/g, (_, target: string) => ` title="${target.replace(machine, "")}"`)
    .replace(/ href="#(type_param_[^"]*)"/g, (link, id: string) => html.includes(`id="${id}"`) ? link : "")
    .replace(/ href="([^":]*%22[^":]*)"/g, (_, target: string) => ` href="${target.replaceAll("%", "%25")}"`)
    .replace(
      /from &quot;(\.|pipeline|model|notebook)&quot;/g,
      (_, door: string) => `from &quot;${door === "." ? PACKAGE : `${PACKAGE}/${door}`}&quot;`,
    )
    .replace(
      '<ul class="breadcrumbs">',
      `<ul class="breadcrumbs"><li><a href="${guide}" class="contextLink">guide</a></li>`,
    );
}
