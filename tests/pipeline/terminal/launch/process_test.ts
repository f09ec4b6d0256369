import assert from "node:assert/strict";
import { join } from "node:path";
import { RunError } from "../../../../pipeline/contract/errors.ts";
import { runDeno } from "../../../../pipeline/terminal/launch/process.ts";
import { withFolder } from "../../../folders.ts";
import { root } from "../../../paths.ts";

Deno.test.sanitizer({ ops: true, resources: true });

/** Runs a program; returns how its end is reported. */
async function run(
  program: string,
  remedy?: string,
  again?: string,
): Promise<{ code: number; said: string }> {
  const { error } = console;
  let said = "";
  console.error = (line) => said += line + "\n";
  try {
    return { code: await runDeno({ args: ["eval", program], remedy, again }), said };
  } finally {
    console.error = error;
  }
}

Deno.test({
  name:
    "of a command that crashes or is killed the launcher says so, with what helps; of one that is stopped it says nothing",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const by = (signal: string) =>
      `Deno.kill(Deno.pid, "${signal}"); await new Promise((end) => setTimeout(end, 5e3))`;
    assert.deepEqual(await run(by("SIGABRT"), "make it anew"), {
      code: 134,
      said: "error: The command crashed (SIGABRT); make it anew\n",
    });
    assert.deepEqual(await run(by("SIGILL")), {
      code: 132,
      said: "error: The command crashed (SIGILL); give it again\n",
    });
    // A shell makes background processes ignore SIGQUIT.
    assert.deepEqual(await run(by("SIGUSR2")), {
      code: 140,
      said: "error: The command was ended by SIGUSR2; give it again\n",
    });
    assert.deepEqual(await run(by("SIGKILL"), "make it anew", "go on"), {
      code: 137,
      said: "error: The command was killed (SIGKILL), perhaps because there was not enough memory; go on\n",
    });
    assert.deepEqual(await run(by("SIGTERM")), { code: 143, said: "" });
    assert.deepEqual(await run("Deno.exit(3)"), { code: 3, said: "" });
  },
});

Deno.test({
  name: "a command that the system does not let be started is an error in one line",
  ignore: Deno.build.os !== "linux", // elsewhere an argument may be longer
  fn: async () => {
    await assert.rejects(run(" ".repeat(1 << 20)), (error) => {
      assert(error instanceof RunError);
      assert.match(
        error.message,
        /^Cannot start the command: Argument list too long \(os error 7\); end other programs, or /,
      );
      return true;
    });
  },
});

Deno.test({
  name:
    "of a folder that may not be entered, or one above it, it is said that no command can be started there",
  ignore: Deno.build.os !== "linux", // elsewhere there is no setpriv, with which the superuser can become nobody
  fn: () =>
    withFolder((temporary) => {
      const dir = Deno.realPathSync(temporary),
        within = join(dir, "locked", "within"),
        nobody = ["--reuid", "65534", "--regid", "65534", "--clear-groups"];
      const script = `
        import { exitCodeOf } from "${root}pipeline/terminal/program.ts";
        import { runDeno } from "${root}pipeline/terminal/launch/process.ts";
        Deno.exit(await exitCodeOf(() => runDeno({ args: ["--version"] })));`;
      Deno.mkdirSync(within, { recursive: true });
      Deno.chmodSync(dir, 0o777);
      for (const locked of [within, join(dir, "locked")]) {
        const { code, stderr } = new Deno.Command("sh", {
          args: [
            ...["-c", 'cd "$1"; chmod 0 "$2"; shift 2; exec "$@"', "sh", within, locked],
            ...Deno.uid() === 0 ? ["setpriv", ...nobody] : [],
            ...[Deno.execPath(), "eval", "--quiet", "--no-config", script],
          ],
          cwd: dir,
          env: { NO_COLOR: "1", DENO_DIR: join(dir, "deno") },
        }).outputSync();
        Deno.chmodSync(locked, 0o700); // so that it can be removed
        assert.equal(
          new TextDecoder().decode(stderr),
          `error: Cannot start the command in ${within}: no permission to enter this folder or one above it; check their owners and modes, or go to another one\n`,
        );
        assert.equal(code, 2);
      }
    }),
});
