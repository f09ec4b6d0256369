/** A real Spark Connect server on loopback, from the jars that Maven fetches for `pom.xml` beside this file; see `.ci/run`. */
import { join } from "node:path";
import { interpreter } from "../../export/python.ts";

/** The folder of the jars; undefined where they, or Java, are missing. */
const jars = findJars();

/** Whether Spark can be started here. Tests that need it are ignored where it cannot. */
export const hasSpark = jars !== undefined;

function findJars(): string | undefined {
  const folder = Deno.env.get("AUTOMLP_SPARK_JARS");
  if (!folder) return undefined;
  try {
    if (![...Deno.readDirSync(folder)].some(({ name }) => name.startsWith("spark-connect_"))) {
      return undefined;
    }
    const java = new Deno.Command("java", { args: ["-version"], stdout: "null", stderr: "null" });
    return java.outputSync().success ? folder : undefined;
  } catch {
    return undefined;
  }
}

/** A running server. */
export interface SparkServer {
  /** As in `sc://127.0.0.1:41234`. */
  url: string;
  port: number;
  /** Ends it at once, as a crash would. */
  kill(): void;
}

/** What Spark reaches into of Java's own modules. */
const OPENED = [
  ...["lang", "lang.invoke", "lang.reflect", "io", "net", "nio", "util", "util.concurrent"],
  "util.concurrent.atomic",
].map((name) => `java.base/java.${name}`).concat([
  ...["jdk.internal.ref", "sun.nio.ch", "sun.nio.cs", "sun.security.action", "sun.util.calendar"]
    .map((name) => `java.base/${name}`),
]);

/** For small data: compiled at once, one thread for garbage. */
const QUICK = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Xmx1g"];

/** A port that is free now. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/**
 * Runs a test with a server of two threads, which is gone afterwards.
 *
 * @param settings Of Spark, beside those that a test needs.
 */
export async function withSpark(
  test: (server: SparkServer) => Promise<void>,
  settings: Record<string, string> = {},
): Promise<void> {
  const scratch = Deno.makeTempDirSync({ prefix: "automlp-spark-" }), port = freePort();
  const all = {
    "spark.app.name": "automlp tests",
    "spark.master": "local[2]",
    "spark.ui.enabled": "false",
    "spark.local.dir": scratch,
    "spark.sql.warehouse.dir": join(scratch, "warehouse"),
    "spark.sql.catalogImplementation": "in-memory",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.connect.grpc.binding.address": "127.0.0.1",
    "spark.connect.grpc.binding.port": String(port),
    ...settings,
  };
  const child = new Deno.Command("java", {
    args: [
      ...["-XX:+IgnoreUnrecognizedVMOptions", "--add-modules=jdk.incubator.vector"],
      ...OPENED.map((name) => `--add-opens=${name}=ALL-UNNAMED`),
      ...["-Djdk.reflect.useDirectMethodHandle=false", "-Dio.netty.tryReflectionSetAccessible=true"],
      ...QUICK,
      `-Djava.io.tmpdir=${scratch}`,
      ...Object.entries(all).map(([key, value]) => `-D${key}=${value}`),
      ...["-cp", join(jars!, "*"), "org.apache.spark.sql.connect.service.SparkConnectServer"],
    ],
    cwd: scratch,
    env: {
      SPARK_LOCAL_IP: "127.0.0.1",
      SPARK_HOME: join(jars!, ".."),
      SPARK_SCALA_VERSION: "2.13",
      PYSPARK_PYTHON: interpreter,
    },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const log = logOf(child.stderr);
  let killed = false;
  const kill = () => {
    if (!killed) child.kill("SIGKILL");
    killed = true;
  };
  try {
    await listening(port, child.status, log);
    await test({ url: `sc://127.0.0.1:${port}`, port, kill });
  } finally {
    kill();
    await child.status;
    await log.read;
    Deno.removeSync(scratch, { recursive: true });
  }
}

/** The last of what a process writes; read to its end, so that the process never waits. */
function logOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
  const log = { tail: "", read: Promise.resolve() };
  log.read = (async () => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      log.tail = (log.tail + text).slice(-4000);
    }
  })();
  return log;
}

/** Waits until the server takes connections. */
async function listening(
  port: number,
  ended: Promise<Deno.CommandStatus>,
  log: { tail: string },
): Promise<void> {
  let over = false;
  ended.then(() => over = true);
  for (const until = performance.now() + 60_000; performance.now() < until && !over;) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error(`Spark did not start: ${log.tail}`);
}
