/**
 * A run's options and how it ended, in the format of TensorBoard's plugin `hparams`. Field numbers are those of its `plugin_data.proto`.
 *
 * A summary of the experiment is left out: with several runs the plugin uses the first summary that it finds, and would not show options
 * that only other methods have. Without one it collects options and metrics from all runs.
 *
 * @module
 */
import { pluginData, type SummaryValue } from "./event.ts";
import { double, type Field, message, text, whole, yesNo } from "../records/protobuf.ts";

/** A run's options by name. */
export type Hyperparameters = Record<string, number | string | boolean>;

const PLUGIN = "hparams", CONTENT = 2;

/** `STATUS_SUCCESS`. */
const SUCCESS = 1;

/**
 * The beginning of a run.
 *
 * @param time In seconds since 1970.
 */
export const sessionStart = (hyperparameters: Hyperparameters, time: number): SummaryValue =>
  pluginData(
    "_hparams_/session_start_info",
    PLUGIN,
    message(
      CONTENT,
      message(
        3,
        ...Object.entries(hyperparameters).map(([name, value]) =>
          message(1, text(1, name), message(2, valueField(value)))
        ),
        double(5, time),
      ),
    ),
  );

/**
 * The end of a run that was finished.
 *
 * @param time In seconds since 1970.
 */
export const sessionEnd = (time: number): SummaryValue =>
  pluginData(
    "_hparams_/session_end_info",
    PLUGIN,
    message(CONTENT, message(4, whole(1, SUCCESS), double(2, time))),
  );

/** A value as in `google.protobuf.Value`. */
function valueField(value: number | string | boolean): Field {
  if (typeof value === "number") return double(2, value);
  return typeof value === "string" ? text(3, value) : yesNo(4, value);
}
