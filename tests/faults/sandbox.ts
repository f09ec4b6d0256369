/**
 * Processes for which everything except one folder is read-only: what a command under test destroys there does no harm.
 *
 * Needs Linux and the right to mount, as root has it, or as any user has it in a separate user namespace. Inside, nobody has root's
 * privileges: file permissions apply, also to root.
 */
import { join } from "node:path";
import { root } from "../paths.ts";
import { linesOf } from "./lines.ts";
import type { Work } from "./work.ts";

/** In the mount namespace: everything is read-only except $0, which holds two small mounted disks and another user's folder. */
const CONFINE = `
set -e
mount --make-rprivate /
mount --bind "$0" "$0"
cut -d' ' -f5 /proc/self/mountinfo | sed 's/%/%%/g' | while read -r point; do
  point=$(printf "$point") # a space in it is written \\040
  [ "$point" = "$0" ] || mount -o remount,bind,ro "$point"
done
mkdir "$0/full" "$0/mount" "$0/shared"
mount -t tmpfs -o size=128k none "$0/full"
mount -t tmpfs -o size=64m none "$0/mount"
mkdir -m 755 "$0/shared/theirs" && echo theirs > "$0/shared/theirs/diary"
chown -R 65533 "$0/shared" 2> /dev/null && chmod 1777 "$0/shared" || rm -r "$0/shared"
exec setpriv --bounding-set=-all --inh-caps=-all --no-new-privs "$@"`;

const confined = (flags: string, folder: string, ...command: string[]) =>
  new Deno.Command("unshare", {
    args: [flags, "sh", "-c", CONFINE, folder, ...command],
    env: { NO_COLOR: "1", TMPDIR: folder, AUTOMLP_CACHE: join(folder, "cache"), DENO_DIR: denoFolder() },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  });

/** Creates a folder and returns its real path, without links. */
const ownFolder = (): string => Deno.realPathSync(Deno.makeTempDirSync({ prefix: "automlp-faults-" }));

/** Deno's own cache folder: it is found through the home folder, which is a different one in the sandbox. */
function denoFolder(): string {
  const [own, cache, home] = ["DENO_DIR", "XDG_CACHE_HOME", "HOME"].map((name) => Deno.env.get(name));
  return own ?? join(cache ?? join(home ?? "/", ".cache"), "deno");
}

/** The flags of `unshare` that work here; undefined if none do. */
async function confiningFlags(): Promise<string | undefined> {
  if (Deno.build.os !== "linux") return undefined;
  for (const flags of ["-m", "-rm"]) {
    const folder = ownFolder();
    try {
      // Also tries what must be refused: a sandbox that leaks does not count.
      const leak = join(root, `.leak-${crypto.randomUUID()}`);
      const { success } = await new Deno.Command("unshare", {
        args: [flags, "sh", "-c", CONFINE, folder, "sh", "-c", 'touch "$0/in" && ! touch "$1"', folder, leak],
        stderr: "null",
      }).output();
      if (success) return flags;
    } catch {
      return undefined; // unshare is not installed
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  }
  return undefined;
}

const flags = await confiningFlags();

/** Whether tests can be confined on this machine; otherwise they must be skipped. */
export const canConfine: boolean = flags !== undefined;

/** One driver (`driver.ts`) in its own sandbox. It does one piece of work at a time. */
export class Sandbox implements AsyncDisposable {
  readonly #folder = ownFolder();
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: AsyncGenerator<string>;
  #said = "";

  constructor() {
    const driver = join(root, "tests/faults/driver.ts"), config = join(root, "deno.json");
    const deno = [Deno.execPath(), "run", "-q", "-A", "--no-check", "--config", config, driver];
    this.#child = confined(flags!, this.#folder, ...deno, this.#folder).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#lines = linesOf(this.#child.stdout);
    this.#listen(this.#child.stderr);
  }

  async #listen(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      this.#said = (this.#said + text).slice(-2000);
    }
  }

  /**
   * Does a piece of work, given and answered as JSON.
   *
   * @throws {Error} if there was no answer; the message has the driver's last output. The sandbox is then unusable.
   */
  async ask<A>(work: Work, seconds: number): Promise<A> {
    await this.#input.write(new TextEncoder().encode(JSON.stringify(work) + "\n"));
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), seconds * 1000);
    });
    const answer = await Promise.race([late, this.#lines.next()]);
    clearTimeout(timer);
    if (answer && !answer.done) return JSON.parse(answer.value);
    throw new Error(`${answer ? "The driver died" : `No answer in ${seconds} s`}: ${this.#said.trim()}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // The process has already ended.
    }
    await this.#child.status;
    await this.#input.abort().catch(() => {});
    await this.#lines.next(); // reads the last output, so that nothing stays open
    // Cases may have taken away permissions from their files.
    await new Deno.Command("chmod", { args: ["-R", "u+rwX", this.#folder] }).output();
    Deno.removeSync(this.#folder, { recursive: true });
  }
}

/**
 * Does pieces of work, at most two at a time, each in a sandbox. One that hangs or kills its driver does not affect the others.
 *
 * @param done Receives each piece with its answer, or with the error if there was none.
 * @throws {Error} if a driver cannot even begin.
 */
export async function inSandboxes<W extends Work, A>(
  works: readonly W[],
  done: (work: W, answer: A | Error) => void,
  seconds = 30,
): Promise<void> {
  const queue = works.values();
  /** Works on the queue until it is empty, or the sandbox is unusable. */
  const work = async (): Promise<"again" | "done"> => {
    await using sandbox = new Sandbox();
    await sandbox.ask({ do: "begin" }, 60);
    for (const piece of queue) {
      const answer = await sandbox.ask<A>(piece, seconds).catch((error: Error) => error);
      done(piece, answer);
      if (answer instanceof Error) return "again";
    }
    return "done";
  };
  const workers = Array.from({ length: Math.min(2, navigator.hardwareConcurrency, works.length) });
  await Promise.all(workers.map(async () => {
    while (await work() === "again");
  }));
}
