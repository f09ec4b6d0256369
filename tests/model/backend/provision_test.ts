import { strict as assert } from "node:assert";
import { basename, join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { fileURLToPath, pathToFileURL } from "node:url";
import { announcement, fromWheel } from "../../../model/backend/provision/wheel.ts";
import { compileBinding, NO_COMPILER } from "../../../model/backend/provision/binding.ts";
import {
  bindingFolder,
  findNative,
  libraryFolder,
  nativeSources,
  type Platform,
  platformOf,
  readLibrary,
  recentFailure,
  removeFailure,
} from "../../../model/backend/provision/store.ts";
import { run } from "../../../model/backend/provision/process.ts";
import { drop, put, stage } from "../../../model/backend/provision/staged.ts";
import { provision } from "../../../model/backend/provision.ts";
import { treeOf } from "../../faults/tree.ts";
import { Interrupted } from "../../../pipeline/contract/errors.ts";
import { type Progress, silent } from "../../../pipeline/contract/progress.ts";
import { hashOf } from "../../../pipeline/contract/files/checksums.ts";
import { newPath, oldPath } from "../../../pipeline/contract/files/stage.ts";
import { makeOwnFolder } from "../../../pipeline/contract/files/swap.ts";

Deno.test.sanitizer({ resources: true });

/** A wheel that nothing on this machine offers: the tests ask no index. */
const nine: Platform = {
  key: "test",
  wheel: { version: "9.9", project: "none", python: "3.12", tags: ["any"], cuda: false },
};
const nowhere = { ...nine, wheel: { ...nine.wheel, version: "9.8" } };
Deno.env.set("PIP_NO_INDEX", "1");

async function inFolder(check: (folder: string) => Promise<void>) {
  const folder = Deno.makeTempDirSync();
  try {
    await check(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

const names = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

/** Puts a fake engine into the cache, which is never loaded. */
function fakeEngine(folder: string, platform: Platform) {
  const place = join(folder, `libtensorflow-9.9-${platform.key}`);
  Deno.mkdirSync(place, { recursive: true });
  const facts = { version: "9.9", libraries: "deps", include: "deps", link: [] };
  Deno.writeTextFileSync(join(place, "library.json"), JSON.stringify(facts));
  const binding = bindingFolder(folder, readLibrary(place)!, platform.key, nativeSources().hash);
  Deno.mkdirSync(binding);
  Deno.writeTextFileSync(join(binding, "binding.json"), JSON.stringify({ file: "x.node" }));
  return { place, binding };
}

Deno.test("an engine in the cache is found at once", () =>
  inFolder(async (folder) => {
    assert.equal(findNative([nine], folder), undefined);
    const { binding } = fakeEngine(folder, nine);
    const result = await provision({ folder, platforms: [nowhere, nine] });
    assert.ok(result.ready && result.already);
    assert.deepEqual(result.engine, {
      path: join(binding, "x.node"),
      library: "9.9",
      platform: "test",
    });
    assert.deepEqual(findNative([nine], folder), result.engine);
  }));

Deno.test("what a killed process left beside an engine that is there goes, unless one is at work", () =>
  inFolder(async (folder) => {
    fakeEngine(folder, nine);
    const path = stage(join(folder, "libtensorflow-9.9-test"));
    const left = () => names(folder).includes(basename(path));
    const lock = await Deno.open(join(folder, "lock"), { create: true, write: true });
    await lock.lock(true);
    await provision({ folder, platforms: [nine] });
    assert.ok(left());
    lock.close();
    await provision({ folder, platforms: [nine] });
    assert.ok(!left());
  }));

const hasPython = (await run("python3", ["--version"])).ok;

Deno.test({
  name: "downloading the library runs no Python module that lies in the current folder",
  ignore: !hasPython,
  fn: () =>
    inFolder(async (folder) => {
      const before = Deno.cwd(), here = join(folder, "here");
      Deno.mkdirSync(here);
      Deno.mkdirSync(join(folder, "engine"));
      Deno.writeTextFileSync(join(here, "pip.py"), "open('ran', 'w')");
      Deno.chdir(here);
      try {
        const result = await fromWheel(nine, join(folder, "engine"), {});
        assert.match(String(result), /^pip could not download none 9\.9: |no pip|no C\+\+/);
      } finally {
        Deno.chdir(before);
      }
      assert.deepEqual(names(here), ["pip.py"]);
    }),
});

Deno.test({
  name: "a wheel is taken by its checksum, and not one of another",
  ignore: !hasPython,
  fn: () =>
    inFolder(async (folder) => {
      const wheel = join(folder, "none-9.9-py3-none-any.whl"), facts = "none-9.9.dist-info";
      const bytes = zipSync({
        "tensorflow/libtensorflow_cc.so.2": strToU8("library"),
        "tensorflow/libtensorflow_framework.so.2": strToU8("framework"),
        [`${facts}/METADATA`]: strToU8("Metadata-Version: 2.1\nName: none\nVersion: 9.9\n"),
        [`${facts}/WHEEL`]: strToU8("Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"),
      });
      Deno.writeFileSync(wheel, bytes);
      Deno.env.set("PIP_FIND_LINKS", pathToFileURL(folder).href); // a list separated by spaces
      const take = (sha256: string) => {
        const place = Deno.makeTempDirSync({ dir: folder });
        return fromWheel({ key: "test", wheel: { ...nine.wheel, sha256 } }, place, {});
      };
      try {
        const taken = await take(hashOf(bytes));
        if (taken === NO_COMPILER || /no pip/.test(String(taken))) return;
        assert.ok(typeof taken === "object", String(taken));
        assert.deepEqual(taken.link, [
          "libtensorflow_cc.so.2",
          "libtensorflow_framework.so.2",
        ]);
        assert.equal(
          await take(hashOf("another")),
          "none 9.9, as pip downloaded it, has another checksum than it is known by",
        );
      } finally {
        Deno.env.delete("PIP_FIND_LINKS");
      }
    }),
});

Deno.test("a binding made from other sources does not count", () =>
  inFolder((folder) => {
    const { binding } = fakeEngine(folder, nine);
    Deno.renameSync(binding, binding.slice(0, -8) + "00000000");
    assert.equal(findNative([nine], folder), undefined);
    return Promise.resolve();
  }));

Deno.test("where nothing can be had, the reason is remembered, and --force tries again", () =>
  inFolder(async (folder) => {
    assert.deepEqual(await provision({ folder, platforms: [] }).then((result) => result.ready), false);
    const first = await provision({ folder, platforms: [nowhere], patience: 0 });
    assert.ok(!first.ready);
    assert.match(first.reason, /could not download none 9\.8|no pip|no C\+\+/);
    assert.deepEqual(names(folder), ["failed.json", "lock"]);
    const second = await provision({ folder, platforms: [nine] });
    assert.ok(!second.ready);
    assert.match(second.reason, /tried at .*--force tries again/);
    const place = join(folder, "failed.json"), failure = JSON.parse(Deno.readTextFileSync(place));
    const years = (number: number) => new Date(Date.now() + number * 365 * 24 * 3_600_000).toISOString();
    for (const at of [years(-1), years(1)]) { // of a clock that was wrong
      Deno.writeTextFileSync(place, JSON.stringify({ ...failure, at }));
      assert.equal(recentFailure(folder), undefined, at);
    }
    const forced = await provision({ folder, platforms: [nine], force: true });
    assert.ok(!forced.ready && !forced.reason.includes("tried at"));
  }));

Deno.test("what a killed process left goes; a cache that cannot be written is a reason", () =>
  inFolder(async (folder) => {
    const place = join(folder, "libtensorflow-9.9-test");
    for (const name of [newPath, oldPath]) {
      const leftover = name(place);
      makeOwnFolder(leftover);
      Deno.mkdirSync(join(leftover, "deps"));
    }
    await provision({ folder, platforms: [nowhere] });
    assert.deepEqual(names(folder), ["lock"], "a quick failure is not worth remembering");
    const file = join(folder, "lock");
    const result = await provision({ folder: join(file, "engine"), platforms: [nowhere] });
    assert.ok(!result.ready);
    assert.match(
      result.reason,
      /cannot be written: .* \(see that it can be written, or set AUTOMLP_CACHE to another folder\)$/,
    );
  }));

Deno.test("in a folder of somebody else's nothing is lost, whatever its files are called", () =>
  inFolder(async (folder) => {
    const place = "libtensorflow-9.9-test";
    const theirs = [place, oldPath(place)].map((name) => `${name}/thesis`);
    for (const file of [...theirs, ".new-mine/thesis", "failed.json", "lock"]) {
      Deno.mkdirSync(join(folder, file, ".."), { recursive: true });
      Deno.writeTextFileSync(join(folder, file), "mine");
    }
    const before = treeOf(folder);
    // One attempt that fails, which must be remembered; and one that works, which must clear that memory.
    const failed = await provision({ folder, platforms: [nine], patience: 0, force: true });
    assert.ok(!failed.ready);
    removeFailure(folder);
    assert.deepEqual(treeOf(folder), before);

    const staged = stage(join(folder, place));
    assert.throws(() => put(staged, join(folder, place), "library.json", {}), /did not make: move or remove/);
    assert.ok(drop(staged));
    assert.deepEqual(treeOf(folder), before);
    Deno.removeSync(join(folder, "lock"));
    new Deno.Command("mkfifo", { args: [join(folder, "lock")] }).outputSync();
    const waiting = await provision({ folder, platforms: [nowhere], force: true });
    assert.ok(!waiting.ready);
    assert.match(waiting.reason, /Cannot lock .*lock: it is a pipe/);
  }));

Deno.test("a folder of the engine is replaced by a new one, and nothing is left beside it", () =>
  inFolder((folder) => {
    const place = join(folder, "libtensorflow-9.9-test");
    for (const version of ["one", "two"]) {
      const staged = stage(place);
      Deno.mkdirSync(join(staged, "deps"));
      Deno.writeTextFileSync(join(staged, "deps", version), "");
      put(staged, place, "library.json", { version });
      assert.equal(readLibrary(place)?.version, version);
      assert.deepEqual([names(folder), names(join(place, "deps"))], [["libtensorflow-9.9-test"], [version]]);
    }
    return Promise.resolve();
  }));

Deno.test("an interrupted download ends with one line and leaves nothing", () =>
  inFolder(async (folder) => {
    const signal = AbortSignal.abort();
    await assert.rejects(provision({ folder, platforms: [nine], signal }), Interrupted);
    assert.deepEqual(names(folder), ["lock"]);
  }));

Deno.test("who makes the engine alone is not told of another process", () =>
  inFolder(async (folder) => {
    const said: string[] = [];
    const progress: Progress = {
      ...silent,
      start: (label) => {
        said.push(label);
        return silent.start(label);
      },
    };
    assert.ok(!(await provision({ folder, platforms: [nowhere], force: true, progress })).ready);
    assert.deepEqual(said.filter((label) => /another process/.test(label)), []);
  }));

Deno.test("two processes at once: the second waits for the first", () =>
  inFolder(async (folder) => {
    const lock = await Deno.open(join(folder, "lock"), { create: true, write: true });
    await lock.lock(true);
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        ...["eval", "--quiet"],
        `import { provision } from ${
          JSON.stringify(new URL("../../../model/backend/provision.ts", import.meta.url).href)
        };
         const progress = { start: (label) => (console.log(label), { advance() {}, end() {} }), warn() {} };
         const platforms = ${JSON.stringify([nine])};
         console.log((await provision({ folder: ${JSON.stringify(folder)}, platforms, progress })).already);`,
      ],
      stdout: "piped",
    }).spawn();
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    assert.match((await reader.read()).value!, /waiting for another process/);
    fakeEngine(folder, nine);
    lock.close();
    let rest = "";
    for (let part = await reader.read(); !part.done; part = await reader.read()) rest += part.value;
    assert.equal(rest.trim(), "true");
    assert.ok((await child.status).success);
  }));

Deno.test("who waits for another process that makes it can be stopped", () =>
  inFolder(async (folder) => {
    const said: string[] = [], stop = new AbortController();
    const progress: Progress = {
      ...silent,
      start(label) {
        said.push(label);
        stop.abort();
        return { advance() {}, end: () => void said.push("end") };
      },
    };
    using lock = Deno.openSync(join(folder, "lock"), { create: true, write: true });
    lock.lockSync(true);
    await assert.rejects(
      provision({ folder, platforms: [nowhere], progress, signal: stop.signal }),
      Interrupted,
    );
    lock.unlockSync();
    assert.deepEqual(said, ["waiting for another process that makes the native engine", "end"]);
  }));

Deno.test("where a file does not compile, nothing is compiled any more when that is told", () =>
  inFolder(async (folder) => {
    const compiler = join(folder, "compiler"), log = join(folder, "log"), out = join(folder, "out");
    // The first file fails at once; others run until they are told to stop. Each creates a file when it begins and one when it ends.
    Deno.mkdirSync(log);
    Deno.writeTextFileSync(
      compiler,
      `#!/bin/sh
[ "$1" = --version ] && exit 0
trap ': > "${log}"/begun.$$; : > "${log}"/ended.$$' EXIT
trap 'exit 1' TERM
: > '${log}'/begun.$$
case "$*" in *tfjs_backend.cc*) echo "x.cc:1: error: no such thing" >&2; exit 1;; esac
for moment in $(seq 1200); do sleep 0.05; done`,
      { mode: 0o755 },
    );
    Deno.mkdirSync(out);
    const facts = { version: "9.9", libraries: ".", include: ".", link: [] };
    const library = { folder, ...facts };
    const sources = Array.from({ length: 40 }, (_, i) => `${i}.cc`), before = Deno.env.get("CXX");
    Deno.env.set("CXX", compiler);
    try {
      const told = await compileBinding(library, { sources, loader: "l.cc" }, out, {});
      assert.match(String(told), /could not compile the engine from .*: x\.cc:1: error: no such thing$/);
      const left = () => [...Deno.readDirSync(log)].map(({ name }) => name).sort();
      const [then, times] = [left(), navigator.hardwareConcurrency];
      assert(then.length <= 2 * times, "no other file was begun");
      assert.equal(then.filter((name) => name.startsWith("ended")).length, then.length / 2);
      await new Promise((resolve) => setTimeout(resolve, 500));
      assert.deepEqual(left(), then);
    } finally {
      if (before === undefined) Deno.env.delete("CXX");
      else Deno.env.set("CXX", before);
    }
  }));

Deno.test("each platform's parts", () => {
  assert.equal(platformOf("linux", "x86_64", false)?.wheel?.project, "tensorflow-cpu");
  for (const gpu of [false, true]) {
    const size = platformOf("linux", "x86_64", gpu)!.wheel!.bytes!;
    assert(announcement("tensorflow", size).includes(gpu ? ", 573 MB is" : ", 274 MB is"));
  }
  assert(announcement("tensorflow", undefined).includes(": tensorflow is downloaded"));
  assert.equal(platformOf("linux", "x86_64", true)?.key, "linux-x64-cuda");
  assert.equal(platformOf("linux", "aarch64", false)?.key, "linux-arm64");
  assert.equal(platformOf("windows", "x86_64", false), undefined);
  assert.match(
    libraryFolder("engines", platformOf("linux", "x86_64", false)!),
    /libtensorflow-2\.21\.0-/,
    "what is tested, and known by its checksum",
  );
  assert.ok(
    nativeSources(fileURLToPath(new URL("../../../model/backend/native", import.meta.url))).sources.length >
      5,
  );
});
