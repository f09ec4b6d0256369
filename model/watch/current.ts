/**
 * The page of a run as it is now, made when somebody asks and again when the run has written something.
 *
 * @module
 */
import { watchPage } from "../views/watch_page.ts";
import { readWatched, signsOf } from "./read.ts";

/** Making pages may take this share of a processor: most of them are the run's. */
const SHARE = 1 / 4;
/**
 * For how long a page is taken as it is where nothing was written: what it says of time goes on by itself, but for silence that is
 * remarked on.
 */
const KEEP_MS = 10_000;

/** A page's text; made anew it is another one only if something has changed. */
export class CurrentPage {
  #stamp?: string;
  #html = "";
  #made = -Infinity;
  #took = 0;
  #making?: Promise<string>;

  /** @param folder The run's. */
  constructor(readonly folder: string) {}

  /** The page. Who asks while it is made gets the same. */
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
