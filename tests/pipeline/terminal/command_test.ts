import assert from "node:assert/strict";
import { textTable } from "../../../pipeline/display/table.ts";
import { InputError, RunError } from "../../../pipeline/contract/errors.ts";
import { WritingFailed } from "../../../pipeline/contract/errors/system.ts";
import { type CommandContext, type CommandResult, runCommand } from "../../../pipeline/terminal/command.ts";
import { root } from "../../paths.ts";
import { assertVisible, EVIL, SEEN } from "../../unseen.ts";
import type { CommandSpec } from "../../../pipeline/terminal/options.ts";
import { BREW } from "./spec.ts";

type Work = (context: CommandContext) => Promise<CommandResult>;

const serve: Work = ({ flags }) => Promise.resolve({ text: "A cup of tea", json: { cups: 1, ...flags } });
const fail = (error: unknown): Work => () => Promise.reject(error);

/** The output of a command, in order. */
interface Said {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a command in this process; with `terminal`, as if stdout and stderr were terminals. */
async function run(
  args: string[],
  work: Work = serve,
  { terminal = false, term = "xterm", spec = BREW } = {},
): Promise<Said> {
  const said = { stdout: "", stderr: "" };
  const decoder = new TextDecoder();
  const own = {
    log: console.log,
    error: console.error,
    writeSync: Deno.stderr.writeSync,
    isTerminal: Deno.stderr.isTerminal,
    stdoutIsTerminal: Deno.stdout.isTerminal,
    consoleSize: Deno.consoleSize,
    term: Deno.env.get("TERM"),
  };
  console.log = (text) => said.stdout += text + "\n";
  console.error = (text) => said.stderr += text + "\n";
  Deno.stderr.writeSync = (bytes) => (said.stderr += decoder.decode(bytes), bytes.length);
  Deno.stderr.isTerminal = Deno.stdout.isTerminal = () => terminal;
  Deno.consoleSize = () => ({ columns: 80, rows: 24 });
  Deno.env.set("TERM", term);
  try {
    return { code: await runCommand(spec, args, work), ...said };
  } finally {
    console.log = own.log;
    console.error = own.error;
    Deno.stderr.writeSync = own.writeSync;
    Deno.stderr.isTerminal = own.isTerminal;
    Deno.stdout.isTerminal = own.stdoutIsTerminal;
    Deno.consoleSize = own.consoleSize;
    if (own.term === undefined) Deno.env.delete("TERM");
    else Deno.env.set("TERM", own.term);
  }
}

Deno.test("the result goes to stdout, exit code 0", async () => {
  assert.deepEqual(await run([]), { code: 0, stdout: "A cup of tea\n", stderr: "" });
});

Deno.test("the work receives its own options, positional words and the configuration's path", async () => {
  let context: CommandContext | undefined;
  const work: Work = (given) => (context = given, serve(given));
  await run(["mug", "--iced", "--tea", "green", "--quiet", "--config", "tea.yaml"], work);
  assert.deepEqual(context!.flags, { iced: true, tea: "green" });
  assert.deepEqual([context!.positional, context!.config], [["mug"], "tea.yaml"]);
});

Deno.test("a word is refused where a command takes none, and the work is not done", async () => {
  const { positional: _, ...wordless } = BREW, work = fail(new Error("done"));
  const said = async (spec: CommandSpec) => await run(["mug"], work, { spec });
  const stderr = 'error: Unexpected "mug": see deno task brew --help\n';
  assert.deepEqual(await said(wordless), { code: 2, stdout: "", stderr });
  const told = await said({ ...wordless, instead: "the tea is named with --tea" });
  assert.match(told.stderr, /"mug": the tea is named with --tea; see deno task brew --help$/m);
});

Deno.test("what work says before it is done is said as its result would be", async () => {
  const work: Work = (context) => {
    context.say({ text: "The kettle is on", json: { kettle: "on" } });
    return serve(context);
  };
  assert.equal((await run([], work)).stdout, "The kettle is on\nA cup of tea\n");
  assert.equal(
    (await run(["--json"], work)).stdout,
    '{"kettle":"on","warnings":[]}\n{"cups":1,"warnings":[]}\n',
  );
  assert.equal((await run(["--quiet"], work)).stdout, "");
});

Deno.test("--json: one object on stdout, and nothing else; warnings are in it once, and go to stderr", async () => {
  const work: Work = (context) => {
    const task = context.progress.start("boiling water", 2, "litres");
    task.advance(2);
    context.progress.warn("the water is hot");
    task.end("boiled");
    const said = ["the water is hot", "the tea was old"];
    return serve(context).then((result) => ({ ...result, warnings: said }));
  };
  for (const terminal of [false, true]) {
    const { code, stdout, stderr } = await run(["--json", "--iced"], work, { terminal });
    assert.equal(code, 0);
    assert.equal(stdout, '{"cups":1,"iced":true,"warnings":["the water is hot","the tea was old"]}\n');
    assert.equal(stderr, "warning: the water is hot\n");
  }
  const { stdout } = await run(["--json", "--quiet"], work);
  assert.deepEqual(JSON.parse(stdout).warnings, ["the water is hot", "the tea was old"]);
});

Deno.test("--quiet: nothing but errors", async () => {
  const work: Work = (context) => {
    context.progress.warn("the water is hot");
    return serve(context);
  };
  assert.deepEqual(await run(["--quiet"], work), { code: 0, stdout: "", stderr: "" });
  const failed = await run(["--quiet"], fail(new InputError("Cannot brew: no tea")));
  assert.deepEqual(failed, { code: 2, stdout: "", stderr: "error: Cannot brew: no tea\n" });
});

Deno.test("--help: the text on stdout, and the work is not done", async () => {
  const { code, stdout, stderr } = await run(["--help"], fail(new Error("it ran")));
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^Brews tea\.\n\nUsage: deno task brew CUP \[options\]\n/);
});

Deno.test("exit codes: 1 failed, 2 wrong use or bad input", async () => {
  assert.equal((await run([], fail(new RunError("Cannot boil: no power")))).code, 1);
  assert.equal((await run([], fail(new InputError("Cannot brew: no tea")))).code, 2);
  assert.equal((await run(["--teapot"])).code, 2);
});

Deno.test("an error is one line on stderr, with nothing on stdout", async () => {
  assert.deepEqual(await run(["--json"], fail(new RunError("Cannot boil: no power"))), {
    code: 1,
    stdout: "",
    stderr: "error: Cannot boil: no power\n",
  });
  const { code, stdout, stderr } = await run([], fail(new TypeError("x is undefined\n  at somewhere")));
  assert.deepEqual([code, stdout], [1, ""]);
  assert.equal(
    stderr,
    "error: x is undefined; this is a bug in automlp; please report it, with AUTOMLP_DEBUG=1's output\n",
  );
});

Deno.test("errors and warnings show by its code what would steer the terminal, in one line; the error keeps it", async () => {
  const error = new InputError(`Cannot find item "${EVIL}\nerror: all is lost"`);
  const { stderr } = await run([], fail(error));
  assert.equal(stderr, `error: Cannot find item "${SEEN}\\nerror: all is lost"\n`);
  assert.equal(error.message, `Cannot find item "${EVIL}\nerror: all is lost"`);
  const fault = await run([], fail(new TypeError(`no ${EVIL}`)));
  assert(fault.stderr.startsWith(`error: no ${SEEN}; `), fault.stderr);
  const said = await run([], fail(new RunError(`Cannot boil, said the kettle:\n${EVIL}\nout`)));
  assert.equal(said.stderr, `error: Cannot boil, said the kettle:\n${SEEN}\nout\n`);
  const warn: Work = (context) => (context.progress.warn(EVIL), serve(context));
  for (const args of [[], ["--json"]]) assert.equal((await run(args, warn)).stderr, `warning: ${SEEN}\n`);
  const debugged = await runInProcess(`throw new Error(${JSON.stringify(EVIL)})`, {
    env: { AUTOMLP_DEBUG: "1" },
  });
  assertVisible(debugged.stderr);
  assert.match(debugged.stderr, /\n +at /);
});

Deno.test("what a command found is made visible on a terminal; in a file or pipe it stays as it is", async () => {
  const found: Work = () => Promise.resolve({ text: `id\n${EVIL}`, json: { found: EVIL } });
  assert.equal((await run([], found, { terminal: true })).stdout, `id\n${SEEN}\n`);
  assert.equal((await run([], found)).stdout, `id\n${EVIL}\n`);
  assert.deepEqual(JSON.parse((await run(["--json"], found, { terminal: true })).stdout).found, EVIL);
});

Deno.test("JSON has no character that steers a terminal, and is the same to a program", async () => {
  const id = "\x9b2Ja\x9d8;;\x7f\x1b[2J"; // with control characters of one byte and of two
  const { stdout } = await run(["--json"], () => Promise.resolve({ text: id, json: { id } }));
  assert.equal(stdout, '{"id":"\\u009b2Ja\\u009d8;;\\u007f\\u001b[2J","warnings":[]}\n');
  assert.equal(JSON.parse(stdout).id, id);
});

Deno.test("an error's line comes after the unfinished bar is taken off the terminal", async () => {
  const work: Work = ({ progress }) => {
    progress.start("boiling water", 4, "litres").advance(1);
    return Promise.reject(new InputError("Cannot brew: no tea"));
  };
  const { stderr } = await run([], work, { terminal: true });
  assert.match(stderr, /boiling water/);
  // deno-lint-ignore no-control-regex -- the terminal's own language
  assert.match(stderr, /\r\x1b\[Jerror: Cannot brew: no tea\n$/);
});

/** Runs a command in a separate process; its work is the body of a function of `context` and `checkInterrupt`. */
async function runInProcess(
  work: string,
  { env, spec = "BREW" }: { env?: Record<string, string>; spec?: string } = {},
): Promise<Said> {
  const module = (path: string) => import.meta.resolve(path);
  const script = `
    import { checkInterrupt } from "${module("../../../pipeline/contract/errors.ts")}";
    import { runCommand } from "${module("../../../pipeline/terminal/command.ts")}";
    import { BREW } from "${module("./spec.ts")}";
    Deno.exit(await runCommand(${spec}, [], async (context) => { ${work} }));`;
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", "--config", `${root}deno.json`, script],
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

const LINES = {
  SIGINT: [130, "Stopped while brewing"],
  SIGTERM: [143, "Terminated by SIGTERM: stopped while brewing"],
  SIGHUP: [129, "The terminal or program that started this has ended (SIGHUP): stopped while brewing"],
} as const;

for (const [signal, [code, line]] of Object.entries(LINES)) {
  const ignore = Deno.build.os === "windows" && signal !== "SIGINT";
  Deno.test({
    name: `${signal} aborts the work's signal; what stops by it ends with ${code}`,
    ignore,
    async fn() {
      const said = await runInProcess(`
        Deno.kill(Deno.pid, "${signal}");
        await new Promise((resolve) => context.signal.addEventListener("abort", resolve));
        console.log(context.signal.reason.by);
        checkInterrupt(context.signal, "brewing");`);
      assert.deepEqual(said, {
        code,
        stdout: `${signal}\n`,
        stderr:
          `error: ${line}; nothing half-written was left behind; to continue, give the same command again\n`,
      });
    },
  });
}

Deno.test("work that only looks whether it is aborted is stopped, too, and not a bug", async () => {
  const said = await runInProcess(`
    Deno.kill(Deno.pid, "SIGINT");
    await new Promise((resolve) => context.signal.addEventListener("abort", resolve));
    context.signal.throwIfAborted();`);
  assert.equal(said.stderr, "error: Stopped; to continue, give the same command again\n");
  assert.equal(said.code, 130);
});

Deno.test("a command that resumes says so", async () => {
  const said = await runInProcess(
    `
    Deno.kill(Deno.pid, "SIGINT");
    await new Promise((resolve) => context.signal.addEventListener("abort", resolve));
    checkInterrupt(context.signal, "brewing", "the pot is kept");`,
    { spec: `{ ...BREW, options: { Pot: { resume: { kind: "flag", help: "pour on" } } } }` },
  );
  assert.equal(
    said.stderr,
    "error: Stopped while brewing; the pot is kept; to continue, give the same command again with --resume\n",
  );
});

Deno.test("a second signal does not wait for the work", async () => {
  for (const [first, second, code] of [["SIGINT", "SIGINT", 130], ["SIGTERM", "SIGINT", 130]] as const) {
    const started = performance.now();
    const said = await runInProcess(`
      context.signal.addEventListener("abort", () => setTimeout(() => Deno.kill(Deno.pid, "${second}"), 400));
      Deno.kill(Deno.pid, "${first}");
      await new Promise((resolve) => setTimeout(resolve, 60_000));`);
    assert.deepEqual(said, { code, stdout: "", stderr: "" });
    assert(performance.now() - started < 30_000);
  }
});

Deno.test("one Ctrl-C that arrives twice is one, even if the work blocks in between", async () => {
  const said = await runInProcess(`
    const block = (ms) => { for (const end = performance.now() + ms; performance.now() < end;); };
    context.signal.addEventListener("abort", () => { Deno.kill(Deno.pid, "SIGINT"); block(700); });
    Deno.kill(Deno.pid, "SIGINT");
    while (!context.signal.aborted) await new Promise((resolve) => setTimeout(resolve, 1));
    for (let step = 0; step < 5; step++) {
      block(200);
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    checkInterrupt(context.signal, "brewing", "the pot is kept");`);
  assert.match(said.stderr, /^error: Stopped while brewing; the pot is kept/);
  assert.equal(said.code, 130);
});

Deno.test("a terminal that knows no escape codes gets lines, as a log does", async () => {
  const work: Work = ({ progress }) => {
    const task = progress.start("brewing", 2, "cups");
    progress.warn("the water is hard");
    task.advance(2);
    task.end();
    return Promise.resolve({ text: "A cup of tea", json: {} });
  };
  const saidOn = async (term: string) => (await run([], work, { terminal: true, term })).stderr;
  assert((await saidOn("xterm")).includes("\x1b["));
  assert.equal(await saidOn("dumb"), "warning: the water is hard\n");
});

Deno.test("on a terminal errors and results are broken between words, elsewhere a message is one line", async () => {
  const error =
    "Cannot read log.csv: no timestamp column among user, item; say which are what with --columns";
  const refused = fail(new InputError(error));
  assert.equal((await run([], refused)).stderr, `error: ${error}\n`);
  assert.equal(
    (await run([], refused, { terminal: true })).stderr,
    "error: Cannot read log.csv: no timestamp column among user, item; say which are\n  what with --columns\n",
  );
  const text = "Next: deno task inspect --dataset data/mine, or deno task pipeline --dataset data/mine";
  const told: Work = () => Promise.resolve({ text, json: {} });
  assert.equal((await run([], told)).stdout, `${text}\n`);
  assert.equal(
    (await run([], told, { terminal: true })).stdout,
    "Next: deno task inspect --dataset data/mine, or\n  deno task pipeline --dataset data/mine\n",
  );
});

Deno.test("on a terminal tables fit, elsewhere and as JSON they are as wide as they are", async () => {
  const columns = ["tea", "what it is said to be good for", "minutes"];
  const why = "whatever one has to stay awake for, and for talking about what one would rather sleep over";
  const table: Work = () =>
    Promise.resolve({ text: textTable({ columns, rows: [["green", why, 3]] }), json: { why } });
  const widest = (text: string) => Math.max(...text.split("\n").map(({ length }) => length));
  const wide = (await run([], table)).stdout, { stdout } = await run([], table, { terminal: true });
  assert(widest(wide) > 100 && widest(stdout) === 79, stdout);
  assert.equal((await run(["--json"], table, { terminal: true })).stdout, `{"why":"${why}","warnings":[]}\n`);
  assert.equal((await run([], table)).stdout, wide, "nothing is left of the terminal");
});

Deno.test("help fits the terminal", async () => {
  const { stdout } = await run(["--help"], serve, { terminal: true });
  const long = stdout.split("\n").filter((line) => line.length >= 80);
  assert.deepEqual(long, []);
  assert.equal(stdout.replace(/\s+/g, " "), (await run(["--help"])).stdout.replace(/\s+/g, " "));
});

Deno.test("a terminal that is gone does not stop the work, nor the report of its end", async () => {
  const gone = `
    Deno.stderr.isTerminal = () => true;
    Deno.consoleSize = Deno.stderr.writeSync = console.error = () => { throw new Error("Input/output error"); };
    const task = context.progress.start("boiling water", 2, "litres");
    task.advance(2);
    context.progress.warn("the water is hot");
    task.end();`;
  const done = await runInProcess(`${gone} return { text: "A cup of tea", json: {} };`);
  assert.deepEqual(done, { code: 0, stdout: "A cup of tea\n", stderr: "" });
  const failed = await runInProcess(
    `${gone} throw new Deno.errors.NotCapable("Requires run access to \\"ls\\", run again");`,
  );
  assert.deepEqual(failed, { code: 2, stdout: "", stderr: "" });
});

Deno.test("a package that cannot be fetched is no bug", async () => {
  const { code, stderr } = await run(
    [],
    fail(new TypeError("Failed caching npm package 'zod@4.6.7'\n    0: error")),
  );
  assert.equal(code, 1);
  assert.match(stderr, /^error: Cannot fetch the package zod@4\.6\.7, [^\n]*\n$/);
});

Deno.test("what a command is not permitted to do is said in one line", async () => {
  const denied = (message: string) => run([], fail(new Deno.errors.NotCapable(message)));
  const write = await denied('Requires write access to "/a/b", run again with the --allow-write flag');
  assert.equal(write.code, 2);
  assert.match(
    write.stderr,
    /^error: Cannot write \/a\/b: a command may write only to the places [^\n]*--out\n$/,
  );
  const start = await denied('Requires run access to "ls", run again with the --allow-run flag');
  assert.equal(start.code, 2);
  assert.match(start.stderr, /^error: Cannot start ls: this command has no permission for it; [^\n]*\n$/);
});

Deno.test("what could not be written is said with the option of this command that names another place, or how it goes on", async () => {
  const full = () => new WritingFailed("tea.html", "No space left on device (os error 28)");
  const begin = "error: Cannot write tea.html: No space left on device (os error 28); free some space";
  const said = async (error: Error, option?: string) => {
    const options: CommandSpec["options"] = option
      ? { Where: { [option]: { kind: "text" as const, help: "where" } } }
      : {};
    return (await run([], fail(error), { spec: { ...BREW, options } })).stderr;
  };
  assert.equal(await said(full(), "out"), `${begin} or choose another place with --out\n`);
  assert.equal(await said(full(), "html"), `${begin} or choose another place with --html\n`);
  assert.equal(await said(full()), `${begin}\n`);
  const kept = full();
  kept.goesOn = "call it again";
  assert.equal(await said(kept, "out"), `${begin}; to continue, give the same command again\n`);
});

Deno.test("the command line that records keep is taken by a shell as it was typed, and opens no doors", async () => {
  let kept = "";
  const work: Work = (context) => (kept = context.command, serve(context));
  const typed = ["logs/*.csv", "it's", "--tea", "green", "--iced", "sc://host:1/;token=hush", "a=1,b=x:y"];
  await run(typed, work);
  const line = `deno task brew 'logs/*.csv' 'it'\\''s' --tea green --iced 'sc://host:1/;token=…' a=1,b=x:y`;
  assert.equal(kept, line);
  const { stdout } = await new Deno.Command("sh", { args: ["-c", `printf '%s\n' ${line}`] }).output();
  assert.equal(
    new TextDecoder().decode(stdout),
    ["deno", "task", "brew", ...typed].join("\n").replace("hush", "…") + "\n",
  );
});

Deno.test("neither an error, a warning nor a bug says the secrets of an address, with its stack either", async () => {
  const address = "https://ann:hush@host/log.csv?X-Amz-Signature=hush";
  const shown = "https://…@host/log.csv?X-Amz-Signature=…";
  Deno.env.set("AUTOMLP_DEBUG", "1");
  try {
    for (const error of [new InputError(`Cannot read ${address}`), new TypeError(`no ${address}`)]) {
      const { stderr } = await run([], ({ progress }) => {
        progress.warn(`slow: ${address}`);
        throw error;
      });
      assert.match(stderr, /^warning: slow: https:\/\/…@host/);
      assert(stderr.includes(`${shown}\n`) || stderr.includes(`${shown}; this is a bug`), stderr);
      assert(!stderr.includes("hush"), stderr);
    }
    const json = await run(["--json"], (context) => {
      context.progress.warn(`slow: ${address}`);
      return serve(context);
    });
    assert(!JSON.stringify(json).includes("hush"), JSON.stringify(json));
  } finally {
    Deno.env.delete("AUTOMLP_DEBUG");
  }
});
