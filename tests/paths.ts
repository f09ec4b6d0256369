/** Places that tests use. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The path of a `file:` URL. */
export const fromFileUrl = (url: string | URL): string => fileURLToPath(url);

/** The repository's root, with a slash at the end. */
export const root = fromFileUrl(new URL("../", import.meta.url));

/** Real data sets that cannot be shared with the repository; tests that use them are ignored where they are absent. */
export const sharedData = fromFileUrl(new URL("../../shared/data/", import.meta.url));

/** Whether a file of {@link sharedData} is there. */
export const hasShared = (path: string): boolean => existsSync(sharedData + path);
