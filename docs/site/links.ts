/**
 * Where the links of documents lead in the site.
 *
 * @module
 */
import { posix } from "node:path";
import { RunError } from "../../pipeline/contract/errors.ts";
import { pageOf } from "./navigation.ts";

const { dirname, join, relative } = posix;

/** A page whose links lead to places in the site. */
export interface Linked {
  html: string;
  /** Files of the repository that it shows or links to and that are not pages: pictures, notebooks. */
  files: string[];
}

/**
 * Rewrites the links of a page so that they lead to pages instead of documents.
 *
 * @param document The page's own path in the repository.
 * @param documents Those that become pages.
 * @throws {RunError} if a link leads out of the repository, or to a document that becomes no page.
 */
export function linked(html: string, document: string, documents: readonly string[]): Linked {
  const files = new Set<string>();
  const lead = (target: string): string => {
    const [path, anchor] = target.split(/(?=#)/);
    if (path === "" || path.startsWith("#") || /^[a-z]+:/.test(path)) return target;
    const place = join(dirname(document), decodeURI(path));
    if (place.startsWith("..")) throw noPlace(document, target, "is outside of the repository");
    if (!place.endsWith(".md")) {
      files.add(place);
      return target;
    }
    if (!documents.includes(place)) throw noPlace(document, target, "is no page of the site");
    return (relative(dirname(pageOf(document)), pageOf(place)) || posix.basename(pageOf(place))) +
      (anchor ?? "");
  };
  return {
    html: html.replace(
      /\b(href|src|srcset)="([^"]*)"/g,
      (_, name, target) => `${name}="${lead(target)}"`,
    ),
    files: [...files],
  };
}

const noPlace = (document: string, target: string, state: string) =>
  new RunError(
    `Cannot make a page of ${document}: its link ${target} ${state}; correct it, or enter it in docs/site/navigation.ts`,
  );
