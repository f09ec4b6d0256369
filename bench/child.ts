/**
 * Runs one command and reports what it used. A process of its own, because the system counts the use of *finished
 * children* for each process as a whole: only one that has had no other child can report the figures of one command.
 *
 *     deno run --allow-run --allow-ffi bench/child.ts '{"command": ["ls"], "cwd": ".", "env": {}}'
 *
 * prints one JSON object, a {@link ProcessRun} of measure.ts.
 *
 * @module
 */
import type { ProcessRequest, ProcessRun } from "./measure.ts";

const RUSAGE_CHILDREN = -1;

/** Processor time and peak memory of the finished children, and of theirs (getrusage(2)). */
function childrenUsage(): Pick<ProcessRun, "userSeconds" | "systemSeconds" | "peakBytes"> {
  const mac = Deno.build.os === "darwin";
  const libc = Deno.dlopen(mac ? "libSystem.dylib" : "libc.so.6", {
    getrusage: { parameters: ["i32", "buffer"], result: "i32" },
  });
  try {
    const usage = new BigInt64Array(32); // struct rusage: two timevals of 16 bytes, then ru_maxrss
    if (libc.symbols.getrusage(RUSAGE_CHILDREN, usage) !== 0) throw new Error("getrusage failed");
    // Microseconds take 32 bits on macOS, with 32 of padding; memory is in bytes there, in KiB on Linux.
    const seconds = (at: number) => Number(usage[at]) + Number(BigInt.asUintN(32, usage[at + 1])) / 1e6;
    return {
      userSeconds: seconds(0),
      systemSeconds: seconds(2),
      peakBytes: Number(usage[4]) * (mac ? 1 : 1024),
    };
  } finally {
    libc.close();
  }
}

/** Async, so that a program that is not there is a rejection like any other failure. */
async function output(
  { command: [program, ...args], cwd, env }: ProcessRequest,
): Promise<Deno.CommandOutput> {
  const streams = { stdin: "null", stdout: "piped", stderr: "piped" } as const;
  return await new Deno.Command(program, { args, cwd, env, ...streams }).output();
}

if (import.meta.main) {
  const request: ProcessRequest = JSON.parse(Deno.args[0]);
  const started = performance.now();
  const { code, stdout, stderr } = await output(request).catch((error) => {
    console.error(error.message); // one line, which runProcess passes on
    Deno.exit(1);
  });
  const wallSeconds = (performance.now() - started) / 1000;
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const run: ProcessRun = {
    ...childrenUsage(),
    wallSeconds,
    code,
    stdout: text(stdout),
    stderr: text(stderr),
  };
  console.log(JSON.stringify(run));
}
