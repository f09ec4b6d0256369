/** A real Spark Connect server on loopback, from the jars that Maven fetches for `pom.xml` beside this file; see `.ci/run`. */
import { join } from "node:path";
import { freePort } from "../../../free_port.ts";
import { interpreter } from "../../export/python.ts";

/** A real Spark Connect server on loopback: with two threads, or on a cluster of a master and workers. */

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

/** Starts processes of Spark, from the jars that Maven fetches for `pom.xml` beside this file; see `.ci/run`. */

/** The folder of the jars; undefined if they, or Java, are missing. */
const jars = findJars();

/** Whether Spark can be started here. Otherwise, tests that need it are ignored. */
export const hasSpark = jars !== undefined;

function findJars(): string | undefined {
  const folder = Deno.env.get("AUTOMLP_SPARK_JARS");
  if (!folder) return undefined;
  try {
    if (![...Deno.readDirSync(folder)].some(({ name }) => name.startsWith("spark-connect_"))) {
      return undefined;
    }
    return runs("java", "-version") ? folder : undefined;
  } catch {
    return undefined;
  }
}

function runs(program: string, option: string): boolean {
  try {
    return new Deno.Command(program, { args: [option], stdout: "null", stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
}

/** The packages of Java's own modules that Spark accesses. */
const OPENED = [
  ...["lang", "lang.invoke", "lang.reflect", "io", "net", "nio", "util", "util.concurrent"],
  "util.concurrent.atomic",
].map((name) => `java.base/java.${name}`).concat([
  ...["jdk.internal.ref", "sun.nio.ch", "sun.nio.cs", "sun.security.action", "sun.util.calendar"]
    .map((name) => `java.base/${name}`),
]);

/**
 * Flags for small data: compile at once, with one thread for garbage collection, and load classes unverified. Java keeps
 * 48 MiB of code compiled at that level, and Spark has more: without a larger limit, it would discard and recompile code all the time.
 */
export const QUICK = [
  "-XX:TieredStopAtLevel=1",
  "-XX:ReservedCodeCacheSize=240m",
  "-XX:+UseSerialGC",
  "-Xshare:auto",
  "-XX:+UnlockDiagnosticVMOptions",
  "-XX:-BytecodeVerificationRemote",
];

/** A process to start. */
export interface Java {
  main: string;
  args?: string[];
  /** Size of the heap, as in `1g`. */
  heap: string;
  settings?: Record<string, string>;
  /** The process's own address. */
  host?: string;
}

/** A running process. */
export interface Running {
  pid: number;
  /** Ends it at once, as a crash would. */
  kill(): void;
  /** Waits until it accepts connections. */
  listening(host: string, port: number): Promise<void>;
  /** Kills it, and waits until it is gone. */
  end(): Promise<void>;
}

/** Starts a process of Spark with a separate folder for its files. */
export function startJava(
  { main, args = [], heap, settings = {}, host = "127.0.0.1" }: Java,
  scratch: string,
): Running {
  const child = new Deno.Command("java", {
    args: [
      ...["-XX:+IgnoreUnrecognizedVMOptions", "--add-modules=jdk.incubator.vector"],
      ...OPENED.map((name) => `--add-opens=${name}=ALL-UNNAMED`),
      ...["-Djdk.reflect.useDirectMethodHandle=false", "-Dio.netty.tryReflectionSetAccessible=true"],
      ...[...QUICK, `-Xmx${heap}`, `-Djava.io.tmpdir=${scratch}`],
      ...Object.entries(settings).map(([key, value]) => `-D${key}=${value}`),
      ...["-cp", join(jars!, "*"), main, ...args],
    ],
    cwd: scratch,
    env: {
      SPARK_LOCAL_IP: host,
      SPARK_HOME: join(jars!, ".."),
      SPARK_SCALA_VERSION: "2.13",
      PYSPARK_PYTHON: interpreter,
    },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const log = logOf(child.stderr);
  const kill = () => {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended by itself; whoever waits for it reports why.
    }
  };
  return {
    pid: child.pid,
    kill,
    listening: (host, port) => listening({ hostname: host, port }, child.status, log),
    async end() {
      kill();
      await child.status;
      await log.read;
    },
  };
}

/** Keeps the end of a process's output, which is read completely so that the process never blocks. */
function logOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
  const log = { tail: "", read: Promise.resolve() };
  log.read = (async () => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      log.tail = (log.tail + text).slice(-4000);
    }
  })();
  return log;
}

async function listening(
  address: { hostname: string; port: number },
  ended: Promise<Deno.CommandStatus>,
  log: { tail: string },
): Promise<void> {
  let over = false;
  ended.then(() => over = true);
  for (const until = performance.now() + 60_000; performance.now() < until && !over;) {
    try {
      (await Deno.connect(address)).close();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error(`Spark did not start: ${log.tail}`);
}
