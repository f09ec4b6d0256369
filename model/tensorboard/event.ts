/**
 * TensorBoard's `Event`: what was measured at one step. Field numbers are those of `event.proto` and `summary.proto` of the
 * `tensorboard` package.
 *
 * We write event files ourselves. No maintained npm package for them was found; TensorFlow's own writer, `tf.node.summaryFileWriter`, needs
 * the native engine and has no hyperparameters, and this has to work on every engine. The encoding is that of `@bufbuild/protobuf`, which
 * is maintained, typed and without dependencies; for these few fields its writer is enough, without generated code.
 *
 * The options of a run and how it ended are in the format of the plugin `hparams` (`plugin_data.proto`). A summary of the experiment is left
 * out: with several runs the plugin uses the first that it finds, and would not show options that only other methods have.
 *
 * @module
 */
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import {
  double,
  doubles,
  encode,
  type Field,
  float,
  message,
  text,
  whole,
  yesNo,
} from "../records/protobuf.ts";

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

/** Everything that was measured at a step: written whole or not at all. */
export interface Event {
  /** Steps since the work began. */
  step: number;
  /** When it was measured, in seconds since 1970. */
  wallTime: number;
  values: readonly SummaryValue[];
}

/** One value of an event, under its tag. */
export type SummaryValue = Field;

const VALUE = 1;

/** A number under a tag. TensorBoard keeps it in single precision. */
export const scalar = (tag: string, value: number): SummaryValue =>
  message(VALUE, text(1, tag), float(2, value));

/** A distribution: how much lies between each edge and the next. */
export interface Histogram {
  /** [buckets + 1], ascending. */
  edges: readonly number[];
  /** [buckets] */
  counts: readonly number[];
}

/** A histogram under a tag. Its moments assume that the content of a bucket lies in the middle of it. */
export function histogram(tag: string, { edges, counts }: Histogram): SummaryValue {
  const middles = counts.map((_, i) => (edges[i] + edges[i + 1]) / 2);
  const sum = (of: (middle: number) => number) =>
    counts.reduce((total, count, i) => total + count * of(middles[i]), 0);
  const moments = [edges[0], edges.at(-1)!, sum(() => 1), sum((x) => x), sum((x) => x * x)];
  return message(
    VALUE,
    text(1, tag),
    message(
      5,
      ...moments.map((value, i) => double(i + 1, value)),
      doubles(6, edges.slice(1)),
      doubles(7, counts),
    ),
  );
}

/** What a TensorBoard plugin finds under a tag, in the plugin's own format; the value is an empty tensor of floats. */
export const pluginData = (tag: string, plugin: string, content: Field): SummaryValue =>
  message(
    VALUE,
    text(1, tag),
    message(8, whole(1, 1), message(2, message(2))),
    message(9, message(1, text(1, plugin), content)),
  );

/** The first event of a file. */
export const versionEvent = (wallTime: number): Uint8Array =>
  encode(double(1, wallTime), text(3, "brain.Event:2"));

/** An event as bytes. */
export const encodeEvent = ({ step, wallTime, values }: Event): Uint8Array =>
  encode(double(1, wallTime), whole(2, step), message(5, ...values));

/** The step of an event given as bytes; undefined if it has no values. */
export function stepOf(event: Uint8Array): number | undefined {
  const reader = new BinaryReader(event);
  let step = 0, hasValues = false;
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    hasValues ||= field === 5;
    if (field === 2 && type === WireType.Varint) step = Number(reader.int64());
    else reader.skip(type, field);
  }
  return hasValues ? step : undefined;
}
