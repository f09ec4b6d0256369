/**
 * The current page of a run, made on request, and again when the run has written something.
 *
 * @module
 */
import { watchPage } from "../views/watch_page.ts";
import { readWatched, signsOf } from "./read.ts";

/** The share of a processor that making pages may use: most of it belongs to the run. */
const SHARE = 1 / 4;
/** How long a page is reused if nothing was written: the times on it advance by themselves, except for the remark on silence. */
const KEEP_MS = 10_000;

/** A page's text, which changes only if something has changed. */
export class CurrentPage {
  #stamp?: string;
  #html = "";
  #made = -Infinity;
  #took = 0;
  #making?: Promise<string>;

  /** @param folder The run folder. */
  constructor(readonly folder: string) {}

  /** Returns the page. Requests that come while it is being made get the same one. */
  html(): Promise<string> {
    this.#making ??= this.#make().finally(() => this.#making = undefined);
    return this.#making;
  }

  async #make(): Promise<string> {
    const at = performance.now(), since = at - this.#made;
    if (since < this.#took / SHARE) return this.#html;
    const { stamp } = signsOf(this.folder);
    if (stamp === this.#stamp && since < KEEP_MS) return this.#html;
    this.#html = watchPage({ ...await readWatched(this.folder), now: new Date() });
    [this.#stamp, this.#made, this.#took] = [stamp, at, performance.now() - at];
    return this.#html;
  }
}
