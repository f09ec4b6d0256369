/**
 * A session on a Spark Connect server, over gRPC: SQL in, Arrow out.
 *
 * @module
 */
import * as grpc from "@grpc/grpc-js";
import { fromJSON } from "@grpc/proto-loader";
import protobuf from "protobufjs";
import type { SparkAddress } from "./address.ts";
import { BY_NAME } from "./names.ts";
import { PROTOCOL } from "./protocol.ts";

/** Progress of a query's stages. */
export interface StageTasks {
  stage_id: number;
  num_tasks: number;
  num_completed_tasks: number;
}

/** A query, or a table of ours as an Arrow IPC stream with its schema as DDL. */
export type Relation =
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
  readonly session: string;
  readonly #who: object;
  /** Whether the running query had unfinished tasks at the cluster's last report. */
  #isAtWork = false;
  /** The calls being waited for. */
  readonly #calls = new Set<{ cancel(): void }>();
  /** Receives the progress of the running query from time to time. */
  onProgress?: (stages: StageTasks[]) => void;

  constructor({ endpoint, secure, token, userId, sessionId, userAgent, headers }: SparkAddress) {
    const credentials = secure ? grpc.credentials.createSsl() : grpc.credentials.createInsecure();
    this.#service = new SparkConnectService(`${BY_NAME}:${endpoint}`, credentials, {
      "grpc.max_receive_message_length": MAX_MESSAGE,
      "grpc.primary_user_agent": userAgent,
    });
    if (token !== undefined) this.#metadata.set("authorization", `Bearer ${token}`);
    for (const [name, value] of Object.entries(headers)) this.#metadata.set(name, value);
    this.session = sessionId ?? crypto.randomUUID();
    this.#who = {
      session_id: this.session,
      user_context: { user_id: userId },
      client_type: userAgent,
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
