/**
 * An output of a notebook cell that is updated in place with the current state of an object.
 *
 * @module
 */
import { type Broadcast, kernelBroadcast } from "./broadcast.ts";
import { displayOf } from "../with_display.ts";

/** Options of {@link live}. */
export interface LiveOptions {
  /** Sends the output to the front end. Default: the Deno kernel's function; without a kernel, each state is printed. */
  broadcast?: Broadcast;
  /** Name of the output in the notebook. Default: a random one. */
  displayId?: string;
}

/** An output that is updated in place, as {@link live} returns it. */
export interface Live {
  /** Shows an object that can display itself in a notebook, replacing what was shown before. */
  show(value: object): Promise<void>;
}

/**
 * Starts an output that is updated in place, such as a growing table of trials or a search whose α changes.
 *
 * ```ts
 * import { live, prepare, tune } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const options = { epochs: 1, dim: 8, length: 10 }, table = live();
 * const tuning = tune("gru4rec", dataset, { out: `${out}-tuning`, trials: 2, options });
 * for await (const _trial of tuning) await table.show(tuning);
 * ```
 */
export function live(options: LiveOptions = {}): Live {
  const { broadcast = kernelBroadcast(), displayId = crypto.randomUUID() } = options;
  let isFirst = true;
  return {
    async show(value) {
      if (!broadcast) return console.log(String(value));
      const data = await displayOf(value);
      const type = isFirst ? "display_data" : "update_display_data";
      isFirst = false;
      await broadcast(type, { data, metadata: {}, transient: { display_id: displayId } });
    },
  };
}
