/**
 * The whole site: documents, the files that they show, and the library reference.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { RunError } from "../../pipeline/contract/errors.ts";
import { entryAt, makeFolder } from "../../pipeline/contract/files/system.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import { silent } from "../../pipeline/contract/progress.ts";
import { writeApi } from "./api.ts";
import { frame } from "./layout.ts";
import { linked } from "./links.ts";
import { render } from "./markdown.ts";
import { API, DOCUMENTS, pageOf } from "./navigation.ts";

/** The result of a build. */
export interface BuiltSite {
  pages: number;
  files: number;
}

/** Returns the modules that the library exports, according to `deno.json`, which has comments. */
function doors(root: string): string[] {
  const text = Deno.readTextFileSync(join(root, "deno.json")).replace(/^\s*\/\/.*$/gm, "");
  return Object.values((JSON.parse(text) as { exports: Record<string, string> }).exports);
}

/**
 * Writes the site into an empty folder.
 *
 * @param root The repository.
 * @throws {RunError} if a link of a document leads nowhere.
 */
export async function buildSite(
  root: string,
  folder: string,
  { progress = silent }: StageContext = {},
): Promise<BuiltSite> {
  const rendered = new Map(DOCUMENTS.map((path) => [path, render(Deno.readTextFileSync(join(root, path)))]));
  const files = new Set<string>();
  const write = (path: string, put: (place: string) => void) => {
    makeFolder(dirname(join(folder, path)));
    put(join(folder, path));
  };
  for (const [path, document] of rendered) {
    const { html, files: shown } = linked(document.html, path, DOCUMENTS);
    const page = frame(path, { ...document, html });
    write(pageOf(path), (place) => Deno.writeTextFileSync(place, page, { createNew: true }));
    for (const file of shown) {
      if (!entryAt(join(root, file))?.isFile) {
        throw new RunError(`Cannot make a page of ${path}: it leads to ${file}, and there is no such file`);
      }
      files.add(file);
    }
  }
  for (const file of files) write(file, (place) => Deno.copyFileSync(join(root, file), place));
  const task = progress.start("documenting the library");
  await writeApi(root, doors(root), join(folder, API.folder));
  task.end();
  return { pages: rendered.size, files: files.size };
}
