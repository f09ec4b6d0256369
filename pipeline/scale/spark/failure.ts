/**
 * Translates errors of a Spark Connect server, or of the connection to it, into plain words.
 *
 * @module
 */
import { status } from "@grpc/grpc-js";
import { AutoMLPError, InputError, Interrupted, RunError } from "../../contract/errors.ts";

/** What is known when a request fails. */
interface Circumstances {
  /** As in `host:15002`. */
  endpoint: string;
  /** What the request was for, as in "drawing negatives". */
  doing: string;
  /** Whether the server has answered before. */
  connected: boolean;
  /** Aborted if the user asked to stop. */
  signal?: AbortSignal;
}

const START = "start one with $SPARK_HOME/sbin/start-connect-server.sh, or see docs/scale.md";

/** Error for a Parquet file whose types differ from those of the file that defines the columns. */
const OTHER_TYPE =
  /PARQUET_COLUMN_DATA_TYPE_MISMATCH\].* reading file (\S+)\. .*column \[(.+)\]\. Expected Spark type (\S+), actual Parquet type (\S+?)\.?(?: SQLSTATE|\s|$)/;

/** Converts a gRPC error to one of ours; returns any other unchanged. */
export function sparkFailure(
  error: unknown,
  { endpoint, doing, connected, signal }: Circumstances,
): unknown {
  if (error instanceof AutoMLPError || !isServiceError(error)) return error;
  if (signal?.aborted) {
    return new Interrupted(
      `Stopped while ${doing}; the work on the cluster was ended, and nothing was written`,
      { cause: signal.reason },
    );
  }
  const { code, details } = error;
  if (code === status.UNAVAILABLE || code === status.DEADLINE_EXCEEDED) {
    return connected
      ? new RunError(
        `Lost the connection to Spark at ${endpoint} while ${doing}; give the same command again`,
        { cause: error },
      )
      : new RunError(`Cannot reach Spark Connect at ${endpoint}: ${reason(details)}; ${START}`, {
        cause: error,
      });
  }
  if (code === status.UNAUTHENTICATED || code === status.PERMISSION_DENIED) {
    return new InputError(
      `Cannot use Spark at ${endpoint}: it asks for a token, or for another one; give it as in --spark "sc://host:15002/;token=…"`,
    );
  }
  if (code === status.UNIMPLEMENTED) {
    return new RunError(
      `Cannot use Spark at ${endpoint}: what answers there is no Spark Connect server of version 3.5 or later`,
      { cause: error },
    );
  }
  const missing = details.match(/\[PATH_NOT_FOUND\] Path does not exist: (\S+?)\.(?: SQLSTATE|$)/)?.[1];
  if (missing !== undefined) {
    return new InputError(
      `Cannot read ${missing}: the cluster finds nothing there; name files as the cluster sees them`,
    );
  }
  const table = details.match(/\[TABLE_OR_VIEW_NOT_FOUND\] The table or view (\S+) cannot be found/)?.[1];
  if (table !== undefined) {
    return new InputError(
      `Cannot read the table ${
        table.replaceAll("`", "")
      }: the cluster's catalogue has none of that name; SHOW TABLES names those that it has`,
    );
  }
  if (/\[PARQUET_TYPE_ILLEGAL\].*\(TIMESTAMP\(NANOS,/.test(details)) {
    return new InputError(
      "Cannot read Parquet with points in time as nanoseconds on Spark, which knows microseconds: write them so, as with pandas' " +
        'to_parquet(path, coerce_timestamps="us", allow_truncated_timestamps=True), or prepare the data without --engine spark',
    );
  }
  const [, file, column, theirs, own] = details.match(OTHER_TYPE) ?? [];
  if (file !== undefined) {
    return new InputError(
      `Cannot read ${
        file.replace(/^file:\/*/, "/")
      } together with others: its column "${column}" is ${own}, theirs ${theirs}; name files ` +
        "that differ one by one, each with --data",
    );
  }
  return new RunError(`Spark failed while ${doing}: ${firstSentence(details)}`, { cause: error });
}

const isServiceError = (error: unknown): error is { code: number; details: string } =>
  error instanceof Error && "details" in error && typeof (error as { code?: unknown }).code === "number";

/** `No connection established. Last error: connect ECONNREFUSED …` → `connection refused`. */
function reason(details: string): string {
  if (/ECONNREFUSED|Connection refused/i.test(details)) return "nothing listens there";
  if (/ENOTFOUND|EAI_AGAIN|failed to lookup|Name resolution failed/i.test(details)) {
    return "the name of the host is not known";
  }
  if (/SSL|TLS|certificate|handshake/i.test(details)) return `TLS failed (${firstSentence(details)})`;
  return firstSentence(details).replace(/^No connection established\. Last error: /, "").replace(
    / \(\d{4}-.*$/,
    "",
  );
}

/** Removes the plan and the stack trace that Spark appends. */
const firstSentence = (details: string) =>
  details.split("\n")[0].replace(/ SQLSTATE: \w+.*$/, "").slice(0, 400);
