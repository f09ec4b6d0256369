import { join } from "node:path";
import { freePort } from "../../../free_port.ts";
import { childrenOf, hasPs, hasSpark, QUICK, type Running, startJava } from "./java.ts";

/** A real Spark Connect server on loopback: with two threads, or on a cluster of a master and workers. */

export { hasSpark } from "./java.ts";

/** A running server. */
export interface SparkServer {
  /** Address, as in `sc://127.0.0.1:41234`. */
  url: string;
  port: number;
  /** Ends it at once, as a crash would. */
  kill(): void;
  /** Kills it and starts it again, with the same address and folders and an empty catalog. */
  restart(): Promise<void>;
}

/** Runs a test with a folder and the processes that it starts; both are removed afterwards. */
async function withProcesses(
  test: (scratch: string, start: (java: Parameters<typeof startJava>[0]) => Running) => Promise<void>,
): Promise<void> {
  const scratch = Deno.makeTempDirSync({ prefix: "automlp-spark-" }), running: Running[] = [];
  try {
    await test(scratch, (java) => {
      running.push(startJava(java, scratch));
      return running.at(-1)!;
    });
  } finally {
    for (const process of running.toReversed()) await process.end();
    await removed(scratch);
  }
}

/** Removes a folder. An executor whose worker was killed ends by itself, and may write until then. */
async function removed(folder: string): Promise<void> {
  for (const until = performance.now() + 20_000;;) {
    try {
      return Deno.removeSync(folder, { recursive: true });
    } catch (error) {
      if (performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function startConnect(
  start: (java: Parameters<typeof startJava>[0]) => Running,
  scratch: string,
  settings: Record<string, string>,
): Promise<SparkServer> {
  const port = freePort();
  const begin = () =>
    start({
      main: "org.apache.spark.sql.connect.service.SparkConnectServer",
      heap: "1g",
      settings: {
        "spark.app.name": "automlp tests",
        "spark.ui.enabled": "false",
        "spark.local.dir": scratch,
        "spark.sql.warehouse.dir": join(scratch, "warehouse"),
        "spark.sql.catalogImplementation": "in-memory",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": String(port),
        ...settings,
      },
    });
  let server = begin();
  await server.listening("127.0.0.1", port);
  return {
    url: `sc://127.0.0.1:${port}`,
    port,
    kill: () => server.kill(),
    async restart() {
      await server.end();
      server = begin();
      await server.listening("127.0.0.1", port);
    },
  };
}

/**
 * Spark without generating Java code for queries, neither for stages nor for expressions: compiling each takes about a quarter of the
 * time that is left if tables are small and queries many. A session, a cluster, skewed data and the bench run with Spark's default, and the same results.
 */
export const INTERPRETED = {
  "spark.sql.codegen.wholeStage": "false",
  "spark.sql.codegen.factoryMode": "NO_CODEGEN",
} as const;

/**
 * Runs a test with a server with two threads, which is ended afterwards.
 *
 * @param settings Settings of Spark, besides those that every test needs.
 */
export const withSpark = (
  test: (server: SparkServer) => Promise<void>,
  settings: Record<string, string> = {},
): Promise<void> =>
  withProcesses(async (scratch, start) =>
    await test(await startConnect(start, scratch, { "spark.master": "local[2]", ...settings }))
  );

/** A running cluster. */
export interface SparkCluster extends SparkServer {
  /** The ids of the processes that do the work now. */
  executors(): number[];
}

const WORKERS = ["127.0.0.2", "127.0.0.3"];

/**
 * Whether a cluster can be started: its workers need separate loopback addresses, as on Linux, and its executors must be found in the list
 * of processes.
 */
export const hasCluster = hasSpark && hasPs;

/** Runs a test with a cluster on loopback, a master and two workers with one core each, which is ended afterwards. */
export const withCluster = (test: (cluster: SparkCluster) => Promise<void>): Promise<void> =>
  withProcesses(async (scratch, start) => {
    const host = "127.0.0.1", port = freePort(), master = `spark://${host}:${port}`;
    const common = ["--webui-port", "0"];
    await start({
      main: "org.apache.spark.deploy.master.Master",
      args: ["--host", host, "--port", String(port), ...common],
      heap: "256m",
    }).listening(host, port);
    const workers = WORKERS.map((host) => {
      const own = [
        "--host",
        host,
        "--port",
        "0",
        "--cores",
        "1",
        "--memory",
        "1g",
        "--work-dir",
        join(scratch, host),
      ];
      const main = "org.apache.spark.deploy.worker.Worker";
      return start({ main, args: [...own, ...common, master], heap: "256m", host });
    });
    const server = await startConnect(start, scratch, {
      "spark.master": master,
      "spark.cores.max": String(WORKERS.length),
      "spark.executor.cores": "1",
      "spark.executor.memory": "600m",
      "spark.executor.extraJavaOptions": QUICK.join(" "),
    });
    const executors = () => workers.flatMap(({ pid }) => childrenOf(pid, "CoarseGrainedExecutorBackend"));
    await test({ ...server, executors });
  });
