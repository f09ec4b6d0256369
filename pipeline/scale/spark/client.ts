/**
 * A session on a Spark Connect server, over gRPC: SQL in, Arrow out.
 *
 * @module
 */
import * as grpc from "@grpc/grpc-js";
import { experimental } from "@grpc/grpc-js";
import { fromJSON } from "@grpc/proto-loader";
import protobuf from "protobufjs";
import { InputError } from "../../contract/errors.ts";

/**
 * The parts of Spark Connect's protocol that we need (Apache Spark, sql/connect/common/src/main/protobuf): SQL in, Arrow out,
 * tables sent, progress, interruption. Field numbers are Spark's; fields left out here are skipped.
 *
 * The text is inside a module because a package contains no other files.
 */
const PROTOCOL = `
syntax = "proto3";
package spark.connect;

service SparkConnectService {
  rpc ExecutePlan(ExecutePlanRequest) returns (stream ExecutePlanResponse) {}
  rpc AnalyzePlan(AnalyzePlanRequest) returns (AnalyzePlanResponse) {}
  rpc Config(ConfigRequest) returns (ConfigResponse) {}
  rpc Interrupt(InterruptRequest) returns (InterruptResponse) {}
  rpc ReleaseSession(ReleaseSessionRequest) returns (ReleaseSessionResponse) {}
}

message UserContext { string user_id = 1; }

message SQL { string query = 1; }
message LocalRelation { optional bytes data = 1; optional string schema = 2; }
message Relation {
  oneof rel_type { SQL sql = 10; LocalRelation local_relation = 11; }
}

message SqlCommand { string sql = 1; }
message CreateDataFrameViewCommand { Relation input = 1; string name = 2; bool is_global = 3; bool replace = 4; }
message Command {
  oneof command_type {
    CreateDataFrameViewCommand create_dataframe_view = 3;
    SqlCommand sql_command = 5;
  }
}
message Plan { oneof op_type { Relation root = 1; Command command = 2; } }

message ExecutePlanRequest {
  string session_id = 1;
  UserContext user_context = 2;
  Plan plan = 3;
  optional string client_type = 4;
}
message ExecutePlanResponse {
  message ArrowBatch { int64 row_count = 1; bytes data = 2; }
  message ExecutionProgress {
    message StageInfo { int64 stage_id = 1; int64 num_tasks = 2; int64 num_completed_tasks = 3; }
    repeated StageInfo stages = 1;
  }
  oneof response_type { ArrowBatch arrow_batch = 2; ExecutionProgress execution_progress = 18; }
}

message AnalyzePlanRequest {
  string session_id = 1;
  UserContext user_context = 2;
  message InputFiles { Plan plan = 1; }
  message SparkVersion {}
  oneof analyze { InputFiles input_files = 9; SparkVersion spark_version = 10; }
  optional string client_type = 3;
}
message AnalyzePlanResponse {
  message InputFiles { repeated string files = 1; }
  message SparkVersion { string version = 1; }
  oneof result { InputFiles input_files = 7; SparkVersion spark_version = 8; }
}

message KeyValue { string key = 1; optional string value = 2; }
message ConfigRequest {
  string session_id = 1;
  UserContext user_context = 2;
  message Set { repeated KeyValue pairs = 1; }
  message Operation { oneof op_type { Set set = 1; } }
  Operation operation = 3;
  optional string client_type = 4;
}
message ConfigResponse { repeated KeyValue pairs = 2; }

message InterruptRequest {
  string session_id = 1;
  UserContext user_context = 2;
  enum InterruptType { INTERRUPT_TYPE_UNSPECIFIED = 0; INTERRUPT_TYPE_ALL = 1; }
  optional string client_type = 3;
  InterruptType interrupt_type = 4;
}
message InterruptResponse {}

message ReleaseSessionRequest { string session_id = 1; UserContext user_context = 2; optional string client_type = 3; }
message ReleaseSessionResponse {}
`;

/** Progress of a query's stages. */
export interface StageTasks {
  stage_id: number;
  num_tasks: number;
  num_completed_tasks: number;
}

/** A query, or a table of ours as an Arrow IPC stream with its schema as DDL. */
type Relation =
  | { sql: { query: string } }
  | { local_relation: { data: Uint8Array; schema: string } };

interface ExecuteResponse {
  arrow_batch?: { data: Uint8Array };
  execution_progress?: { stages?: Partial<StageTasks>[] };
}

type Callback<T> = (error: grpc.ServiceError | null, response: T) => void;
type Unary = (
  request: object,
  metadata: grpc.Metadata,
  callback: Callback<Record<string, unknown>>,
) => grpc.ClientUnaryCall;
interface Service extends grpc.Client {
  ExecutePlan(request: object, metadata: grpc.Metadata): grpc.ClientReadableStream<ExecuteResponse>;
  AnalyzePlan: Unary;
  Config: Unary;
  Interrupt: Unary;
  ReleaseSession: Unary;
}
type UnaryName = "AnalyzePlan" | "Config" | "Interrupt" | "ReleaseSession";

/** Name of this client, for the server's log. */
const CLIENT = "automlp";
/** Arrow batches have some MiB, but rows may be long. */
const MAX_MESSAGE = 512 << 20;

const definition = fromJSON(protobuf.parse(PROTOCOL, { keepCase: true }).root.toJSON(), {
  keepCase: true,
  longs: Number,
  enums: String,
  oneofs: true,
});
const { spark: { connect: { SparkConnectService } } } = grpc.loadPackageDefinition(definition) as unknown as {
  spark: {
    connect: { SparkConnectService: new (...args: ConstructorParameters<typeof grpc.Client>) => Service };
  };
};

/** A session. Its methods reject with gRPC's {@link grpc.ServiceError}, which `failure.ts` translates into plain words. */
export class SparkClient {
  readonly #service: Service;
  readonly #metadata = new grpc.Metadata();
  /** The session's id, with which another session can end it. */
  readonly session = crypto.randomUUID();
  readonly #who: object;
  /** Whether the running query had unfinished tasks at the cluster's last report. */
  #isAtWork = false;
  /** The calls being waited for. */
  readonly #calls = new Set<{ cancel(): void }>();
  /** Receives the progress of the running query from time to time. */
  onProgress?: (stages: StageTasks[]) => void;

  constructor({ endpoint, secure, token, userId, headers }: SparkAddress) {
    const credentials = secure ? grpc.credentials.createSsl() : grpc.credentials.createInsecure();
    this.#service = new SparkConnectService(`${BY_NAME}:${endpoint}`, credentials, {
      "grpc.max_receive_message_length": MAX_MESSAGE,
      "grpc.primary_user_agent": CLIENT,
    });
    if (token !== undefined) this.#metadata.set("authorization", `Bearer ${token}`);
    for (const [name, value] of Object.entries(headers)) this.#metadata.set(name, value);
    this.#who = {
      session_id: this.session,
      user_context: { user_id: userId },
      client_type: CLIENT,
    };
  }

  /** Returns Spark's version, as in `4.2.0`. */
  async version(): Promise<string> {
    const { spark_version } = await this.#unary("AnalyzePlan", { spark_version: {} });
    return (spark_version as { version: string }).version;
  }

  /** Returns the files that a query reads, as URIs, including empty files, which the query itself skips. */
  async inputFiles(query: string): Promise<string[]> {
    const { input_files } = await this.#unary("AnalyzePlan", {
      input_files: { plan: { root: { sql: { query } } } },
    });
    return (input_files as { files: string[] }).files;
  }

  /** Sets options of the session. */
  async set(options: Record<string, string>): Promise<void> {
    const pairs = Object.entries(options).map(([key, value]) => ({ key, value }));
    await this.#unary("Config", { operation: { set: { pairs } } });
  }

  /** Returns the result of a query, as Arrow IPC streams with one schema. */
  query(query: string): Promise<Uint8Array[]> {
    return this.#execute({ root: { sql: { query } } });
  }

  /** Runs a statement that has no result. */
  async command(sql: string): Promise<void> {
    await this.#execute({ command: { sql_command: { sql } } });
  }

  /** Gives a relation a name within the session. */
  async view(name: string, input: Relation): Promise<void> {
    await this.#execute({
      command: { create_dataframe_view: { input, name, is_global: false, replace: true } },
    });
  }

  /** Whether the cluster has reported unfinished tasks of the running query. */
  get isAtWork(): boolean {
    return this.#isAtWork;
  }

  /** Ends what the session runs on the cluster; `stopping.ts` decides when. */
  async interrupt(): Promise<void> {
    await this.#unary("Interrupt", { interrupt_type: "INTERRUPT_TYPE_ALL" });
  }

  /** Stops waiting for running calls, which then fail here, regardless of what becomes of them on the cluster. */
  cancel(): void {
    for (const call of this.#calls) call.cancel();
  }

  /** Ends another session of the same user, and what it runs. */
  async end(session: string): Promise<void> {
    const other = { ...this.#who, session_id: session };
    await this.#unary("Interrupt", { ...other, interrupt_type: "INTERRUPT_TYPE_ALL" }).catch(() => {}); // no such session
    await this.#unary("ReleaseSession", other).catch(() => {}); // no such session, or Spark 3, which has no such call
  }

  /** Ends the session and the connection. */
  async close(): Promise<void> {
    try {
      await this.#unary("ReleaseSession", {});
    } catch {
      // Spark 3 has no such call, and a server that is gone has no session. Sessions also end by themselves.
    } finally {
      this.#service.close();
    }
  }

  #unary(method: UnaryName, request: object): Promise<Record<string, unknown>> {
    return new Promise((resolve, reject) => {
      const call = this.#service[method](
        { ...this.#who, ...request },
        this.#metadata,
        (error, response) => {
          this.#calls.delete(call);
          if (error) reject(error);
          else resolve(response);
        },
      );
      this.#calls.add(call);
    });
  }

  #ended(call: { cancel(): void }): void {
    this.#calls.delete(call);
    this.#isAtWork = false;
  }

  #progressed(reported: Partial<StageTasks>[]): void {
    // Fields with value 0 are omitted in transit.
    const stages = reported.map((stage) => ({ stage_id: 0, num_tasks: 0, num_completed_tasks: 0, ...stage }));
    this.#isAtWork = stages.some(({ num_tasks, num_completed_tasks }) => num_completed_tasks < num_tasks);
    this.onProgress?.(stages);
  }

  #execute(plan: object): Promise<Uint8Array[]> {
    return new Promise((resolve, reject) => {
      const batches: Uint8Array[] = [];
      const call = this.#service.ExecutePlan({ ...this.#who, plan }, this.#metadata);
      this.#calls.add(call);
      this.#isAtWork = false;
      call.on("data", ({ arrow_batch, execution_progress }) => {
        if (arrow_batch) batches.push(arrow_batch.data);
        else if (execution_progress) this.#progressed(execution_progress.stages ?? []);
      });
      call.on("error", (error) => {
        this.#ended(call);
        reject(error);
      });
      call.on("end", () => {
        this.#ended(call);
        resolve(batches);
      });
    });
  }
}

/** Targets of this scheme are `byname:host:port`. */
const BY_NAME = "byname";

type Constructor = Parameters<typeof experimental.registerResolver>[1];
type Target = ConstructorParameters<Constructor>[0];
type Listener = ConstructorParameters<Constructor>[1];

class NameResolver {
  readonly #endpoints;
  #told = false;

  constructor({ path }: Target, readonly listener: Listener) {
    const { host, port } = experimental.splitHostPort(path)!;
    this.#endpoints = [{ addresses: [{ host, port: port! }] }];
  }

  updateResolution(): void {
    if (this.#told) return;
    this.#told = true;
    queueMicrotask(() => this.listener(experimental.statusOrFromValue(this.#endpoints), {}, null, ""));
  }

  destroy(): void {
    this.#told = false;
  }

  static getDefaultAuthority({ path }: Target): string {
    return path;
  }
}

experimental.registerResolver(BY_NAME, NameResolver);

/** A server and the identity of the client. */
interface SparkAddress {
  /** `host:port`. It contains no secret and may appear in messages. */
  endpoint: string;
  secure: boolean;
  token?: string;
  userId: string;
  /** All other parameters, sent as headers to the server or a proxy before it. */
  headers: Record<string, string>;
}

/** Spark's default port. */
const PORT = 15002;
const ADDRESS = /^sc:\/\/(\[[0-9a-f:]+\]|[^/:;[\]]+)(?::(\d+))?(?:\/(?:;(.*))?)?$/i;

/**
 * Parses the address of a Spark Connect server, in the form of Spark's own clients: `sc://host:port/;token=…;use_ssl=true`.
 *
 * @example
 * ```ts
 * import { parseSparkAddress } from "./client.ts";
 * import assert from "node:assert/strict";
 *
 * const { endpoint, secure, token } = parseSparkAddress("sc://spark.example.org/;token=abc");
 * assert.deepEqual([endpoint, secure, token], ["spark.example.org:15002", true, "abc"]); // a token asks for TLS
 * ```
 * @throws {InputError} for an invalid address. The message does not repeat a token.
 */
export function parseSparkAddress(text: string): SparkAddress {
  const [, host, port = String(PORT), rest = ""] = text.match(ADDRESS) ?? [];
  const pairs = rest.split(";").filter((part) => part !== "").map((part) => part.split(/=(.*)/s, 2));
  const wrong = host === undefined || Number(port) < 1 || Number(port) > 65535
    ? "it is not the address of a Spark Connect server"
    : pairs.some(([key, value]) => !key || !value)
    ? "a parameter is a name and a value, as in use_ssl=true"
    : undefined;
  if (wrong !== undefined) {
    const shown = text.split(/[;?]/)[0].replace(/\/\/.*@/, "//…@");
    throw new InputError(`Cannot use --spark ${shown}: ${wrong}; give it as in sc://host:${PORT}`);
  }
  const parameters: Record<string, string> = Object.fromEntries(
    pairs.map(([key, value]) => [key, decoded(value)]),
  );
  const { token, use_ssl: ssl, user_id: userId = "automlp", ...headers } = parameters;
  const isHere = /^(localhost|127(\.\d+){3}|\[::1\])$/i.test(host);
  // By default, a token is sent without TLS only to this machine, as with Spark's own clients.
  const secure = ssl === undefined ? token !== undefined && !isHere : ssl.toLowerCase() === "true";
  return { endpoint: `${host}:${port}`, secure, token, userId, headers };
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value; // a literal percent sign
  }
}
