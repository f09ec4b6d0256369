import { join } from "node:path";
import { interpreter } from "../../export/python.ts";

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

/** Whether processes can be looked for. */
export const hasPs = Deno.build.os === "linux" && runs("ps", "--version");

/** Running processes that a process has started, found by a part of their command line. */
export function childrenOf(parent: number, command: string): number[] {
  const { stdout } = new Deno.Command("ps", { args: ["-o", "pid=,args=", "--ppid", String(parent)] })
    .outputSync();
  return new TextDecoder().decode(stdout).split("\n").filter((line) => line.includes(command))
    .map((line) => parseInt(line));
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
