/**
 * Gets libtensorflow from TensorFlow's wheel on PyPI.
 *
 * @module
 */
import { findCompiler, NO_COMPILER } from "./binding.ts";
import { firstOf, pythonPlace, run } from "./process.ts";
import type { Library, Platform } from "./store.ts";
import { join, resolve } from "node:path";
import { makeOwnFolder, removeOwnFolder } from "../../../pipeline/contract/files/swap.ts";
import type { StageContext } from "../../../pipeline/contract/stage.ts";
import { formatBytes } from "../../../pipeline/display/text/units.ts";

/**
 * Unpacks what a binding needs from wheels. Arguments: wheels, folder. NVIDIA's libraries are placed next to TensorFlow,
 * where its library looks for them.
 */
const UNPACK = `
import os, re, shutil, sys, zipfile
*wheels, folder = sys.argv[1:]
needed = re.compile(r"tensorflow/(lib[^/]*\\.(so|dylib)[^/]*$|include/([a-z_/]*/)?(c|platform)/.*\\.h$)|nvidia/.*\\.so[^/]*$|nvidia/.*/bin/ptxas$")
for wheel in wheels:
    archive = zipfile.ZipFile(wheel)
    for member in archive.infolist():
        if not needed.match(member.filename): continue
        path = os.path.join(folder, member.filename)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with archive.open(member) as source, open(path, "wb") as target: shutil.copyfileobj(source, target, 1 << 20)
        if member.external_attr >> 16 & 0o100: os.chmod(path, 0o755)
        print(member.file_size, flush=True)
`;

/** Prints the requirements of a wheel's extra `and-cuda`, one per line. */
const REQUIREMENTS = `
import re, sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
metadata = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
for line in archive.read(metadata).decode().splitlines():
    match = re.match(r"Requires-Dist: (nvidia[^ ;(]*) *\\(?([^;)]*)\\)? *;.*and-cuda", line)
    if match: print(match[1] + match[2])
`;

/**
 * Downloads the wheel into `folder` and unpacks what is needed.
 *
 * @returns The library, or why it is not available.
 */
export async function fromWheel(
  { wheel }: Platform,
  folder: string,
  { progress, signal }: StageContext,
): Promise<Library | string> {
  if (!await findCompiler()) return NO_COMPILER;
  const python = await firstOf(["python3", "python"]);
  if (!python) return "Python is not installed (its pip would download TensorFlow)";
  const cwd = pythonPlace();
  if (!(await run(python, ["-m", "pip", "--version"], { cwd })).ok) {
    return `${python} has no pip to download TensorFlow with`;
  }

  const [downloads, temporary, unpacked] = ["downloads", "temporary", "deps"].map((name) =>
    resolve(folder, name)
  );
  for (const path of [downloads, temporary]) makeOwnFolder(path);
  // These tags name the wheel, not the Python installed here: none of its code will run.
  const tags = [
    `--implementation cp --python-version ${wheel.python} --abi cp${
      wheel.python.replace(".", "")
    } --abi none`,
    ...wheel.tags.map((tag) => `--platform ${tag}`),
  ].join(" ").split(" ");
  /** Downloads some packages; returns why that failed. */
  const pip = async (what: string, requirements: string[], total = Infinity) => {
    const task = progress?.start(`downloading ${what}`, Number.isFinite(total) ? total : undefined, "bytes");
    let done = 0;
    // pip shows its progress only in a terminal: the size of what it has written so far is the same figure.
    const timer = setInterval(() => {
      const bytes = Math.min(total, sizeOf(temporary) + sizeOf(downloads)); // it copies what it has downloaded
      if (bytes > done) task?.advance(bytes - done), done = bytes;
    }, 300);
    const { ok, last, stderr } = await run(python, [
      ...[
        "-m",
        "pip",
        "download",
        "--no-deps",
        "--only-binary=:all:",
        "--disable-pip-version-check",
        ...tags,
      ],
      ...["--dest", downloads, ...requirements],
    ], { cwd, env: { TMPDIR: temporary, PIP_NO_INPUT: "1" }, signal });
    clearInterval(timer);
    task?.end(undefined, ok ? "done" : "stopped");
    if (ok) return undefined;
    if (/DO NOT MATCH THE HASHES/.test(stderr)) {
      return `${what}, as pip downloaded it, has another checksum than it is known by`;
    }
    return `pip could not download ${what}: ${last}`;
  };
  const wheels = () =>
    [...Deno.readDirSync(downloads)].map(({ name }) => name).filter((name) => name.endsWith(".whl"))
      .map((name) => join(downloads, name));

  const wanted = `${wheel.project} ${wheel.version}`;
  progress?.remark?.(
    announcement(
      `${wanted} from PyPI${wheel.cuda ? ", with NVIDIA's libraries beside it" : ""}`,
      wheel.bytes,
    ),
  );
  // pip accepts a checksum only from a file.
  const requirement = join(temporary, "requirements.txt");
  Deno.writeTextFileSync(
    requirement,
    `${wheel.project}==${wheel.version}${wheel.sha256 ? ` --hash=sha256:${wheel.sha256}` : ""}\n`,
  );
  let failure = await pip(wanted, ["--requirement", requirement], wheel.bytes);
  if (failure) return failure;
  if (wheel.cuda) {
    const { stdout } = await run(python, ["-c", REQUIREMENTS, wheels()[0]], { cwd });
    failure = await pip("NVIDIA's libraries", stdout.trim().split("\n"));
    if (failure) return failure;
  }
  const task = progress?.start("unpacking TensorFlow", undefined, "bytes");
  const { ok, last } = await run(python, ["-c", UNPACK, ...wheels(), unpacked], {
    cwd,
    signal,
    onLine: (line) => task?.advance(Number(line)),
  });
  task?.end(undefined, ok ? "done" : "stopped");
  if (!ok) return `the wheel could not be unpacked: ${last}`;
  for (const path of [downloads, temporary]) removeOwnFolder(path);
  const libraries = join("deps", "tensorflow");
  const link = [...Deno.readDirSync(join(folder, libraries))].map(({ name }) => name)
    .filter((name) => /^libtensorflow_(cc|framework)\./.test(name)).sort();
  if (link.length !== 2) return "the wheel does not hold libtensorflow";
  return {
    folder,
    version: wheel.version,
    libraries,
    include: join(libraries, "include"),
    link,
  };
}

/** Returns the total size in bytes of the files below a folder. */
function sizeOf(folder: string): number {
  let bytes = 0;
  try {
    for (const { name, isDirectory } of Deno.readDirSync(folder)) {
      const path = join(folder, name);
      bytes += isDirectory ? sizeOf(path) : Deno.statSync(path).size;
    }
  } catch {
    // pip renames its files while they are counted.
  }
  return bytes;
}

/**
 * Says what will be downloaded, how much that is, and what follows. Compiling took 13 s on two idle cores, and 45 s on two busy ones.
 *
 * @param what The download, as in `tensorflow-cpu 2.21.0 from PyPI`.
 * @param bytes Size of the download; undefined if it is unknown.
 */
export function announcement(what: string, bytes: number | undefined): string {
  const size = bytes === undefined ? "" : `, ${formatBytes(bytes)}`;
  return `The native engine is made once: ${what}${size} is downloaded into the cache, then it is compiled, up to a minute on two cores; ` +
    "--engine wasm goes without";
}
