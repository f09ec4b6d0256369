/** Places with nothing that automlp wrote, or with the wrong thing. */
import { dirname, join } from "node:path";
import { root } from "../paths.ts";
import { makePipe } from "./tree.ts";
import { type World, writeFile } from "./world.ts";

/**
 * Puts something at an absolute place whose parent exists.
 *
 * @returns The path to give to the command, if that is not the place itself.
 */
export type Target = (world: World, place: string) => string | void;

/** Files in somebody else's folder that have the names of automlp's own files. */
const FAMILIAR: Record<string, string> = {
  "metrics.json": '{"mine":true}',
  "report.html": "<h1>mine</h1>",
  "run.json": '{"format":"mine","version":1}',
  "manifest.json": '{"name":"a web site"}',
  "kernel.json": '{"argv":["python"],"display_name":"Python","language":"python"}',
  "model/config.json": "{}",
  "model/weights.safetensors": "heavy",
  "dataset/interactions.parquet": "PAR1",
  "items.csv": "milk",
};

export const STRANGERS: Record<string, Target> = {
  "nothing": () => {},
  "an empty folder": (_, place) => Deno.mkdirSync(place),
  "somebody's folder": (_, place) => writeFile(join(place, "deep", "thesis.txt"), "chapter one"),
  "somebody's folder of familiar names": (_, place) => {
    for (const [name, text] of Object.entries(FAMILIAR)) writeFile(join(place, name), text);
  },
  "somebody's empty folders": (_, place) =>
    Deno.mkdirSync(join(place, "deep", "deeper"), { recursive: true }),
  "somebody's kernel": (_, place) => {
    writeFile(join(place, "share/jupyter/kernels/automlp/kernel.json"), FAMILIAR["kernel.json"]);
    writeFile(join(place, "share/jupyter/kernels/automlp/logo.svg"), "<svg/>");
  },
  "somebody's file": (_, place) => writeFile(place, "chapter one"),
  "a pipe": (_, place) => makePipe(place),
  "a link to somebody's folder": (world, place) => Deno.symlinkSync(world.at("precious"), place),
  "a link to somebody's file": (world, place) => Deno.symlinkSync(world.at("precious/diary.txt"), place),
  "a link to an empty folder": (world, place) => Deno.symlinkSync(world.at("precious/empty"), place),
  "a link to nothing": (world, place) => Deno.symlinkSync(world.at("precious/none"), place),
  "a place behind a link to nothing": (world, place) => {
    Deno.symlinkSync(world.at("precious/none"), place);
    return join(place, "made");
  },
  "the dataset of a run": (world) => world.at("own/run/dataset"),
  "a path that is too long": (world) => world.at(Array.from({ length: 50 }, () => "x".repeat(100)).join("/")),
  "a link to itself": (_, place) => Deno.symlinkSync(place, place),
  "a place in a linked folder": (world, place) => {
    Deno.symlinkSync(world.at("precious"), place);
    return join(place, "deep");
  },
  "a place under a file": (world) => world.at("precious/diary.txt/made"),
  "a folder that may not be written": (_, place) => Deno.mkdirSync(place, { mode: 0o555 }),
  "a folder that may not be read": (_, place) => {
    writeFile(join(place, "thesis.txt"), "chapter one");
    Deno.chmodSync(place, 0o000);
  },
  "a parent that may not be written": (_, place) => {
    Deno.mkdirSync(place, { mode: 0o555 });
    return join(place, "made");
  },
  "a full disk": (world, place) => onDisk(world, place, "full"),
  "the root of another disk": (world) => join(dirname(world.root), "mount"),
  "somebody else's folder": (world) => join(dirname(world.root), "shared", "theirs"),
  "a place in somebody else's folder": (world) => join(dirname(world.root), "shared", "theirs", "made"),
  "a place in a shared folder": (world) => join(dirname(world.root), "shared", world.root.split("/").at(-1)!),
  "the current folder": () => ".",
  "the one above": () => "..",
  "the root": () => "/",
  "no path": () => "",
  "the home folder": (world) => world.at("home"),
  "the folder of the input": (world) => world.at("data/deep"),
  "the one above the input": (world) => world.at("data"),
  "the input": (world) => world.at("data/deep/log.csv"),
  "a folder in the dataset": (world) => world.at("own/dataset/made"),
  "the dataset that is read": (world) => world.at("own/dataset"),
  "the run that is read": (world) => world.at("own/run"),
  "a file of the dataset": (world) => world.at("own/dataset/manifest.json"),
  "the report of the run": (world) => world.at("own/run/report.html"),
  "the ranks of the run": (world) => world.at("own/run/per_user.parquet"),
  "the device that takes everything": () => "/dev/null",
  "automlp itself": () => root,
};

/** A place on one of the small disks, which the runner of the case empties. */
function onDisk({ root }: World, _place: string, disk: "full" | "mount"): string {
  const folder = join(dirname(root), disk);
  try {
    Deno.writeFileSync(join(folder, "filler"), new Uint8Array(120 << 10));
  } catch {
    // The disk is full, as intended.
  }
  return join(folder, "made");
}
