/** Paths that tests use. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The path of a `file:` URL. */
export const fromFileUrl = (url: string | URL): string => fileURLToPath(url);

/** The repository's root, with a trailing slash. */
export const root = fromFileUrl(new URL("../", import.meta.url));

/** Folder of real data sets that cannot be part of the repository; tests that use them are ignored if they are absent. */
export const sharedData = fromFileUrl(new URL("../../shared/data/", import.meta.url));

/** Whether a file of {@link sharedData} exists. */
export const hasShared = (path: string): boolean => existsSync(sharedData + path);

const markdownIn = (folder: string): string[] =>
  [...Deno.readDirSync(root + folder)].filter(({ name }) => name.endsWith(".md"))
    .map(({ name }) => join(folder, name)).sort();

/** All documents, by their paths in the repository. */
export const DOCUMENTS: readonly string[] = [".", "docs", "bench", "fixtures", "fixtures/hand"].flatMap(
  markdownIn,
);
