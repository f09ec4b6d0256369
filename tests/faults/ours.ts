/** Folders that automlp wrote, and what may have happened to them since. */
import { join } from "node:path";
import type { Target } from "./strangers.ts";
import { copy, type Kind, type World, writeFile } from "./world.ts";

/** For each kind that commands write again, a file of it and a folder in it. */
const PARTS: Record<Exclude<Kind, "recommendations" | "report">, { file: string; folder?: string }> = {
  dataset: { file: "report.html" },
  export: { file: "export.json", folder: "presplit" },
  run: { file: "metrics.json", folder: "model" },
  fixtures: { file: "items.csv" },
  kernel: { file: "kernel.json" },
};

/** What may have happened to one of our folders. */
const FATES: Record<string, (world: World, place: string, part: { file: string; folder?: string }) => void> =
  {
    "": () => {},
    " with somebody's file": (_, place) => writeFile(join(place, "thesis.txt"), "chapter one"),
    " with somebody's file deep in it": (_, place, { folder = "deep" }) =>
      writeFile(join(place, folder, "deeper", "thesis.txt"), "chapter one"),
    " with somebody's empty folder": (_, place) =>
      Deno.mkdirSync(join(place, "deep", "deeper"), { recursive: true }),
    " with somebody's link": (world, place) => Deno.symlinkSync(world.at("precious"), join(place, "link")),
    ", edited": (world, place, { file }) => {
      Deno.writeTextFileSync(join(place, file), "edited", { append: true });
      world.edited.add(join(place, file));
    },
    ", a file of which is moved and linked": (world, place, { file }) => {
      copy(join(place, file), world.at("precious/moved"));
      replaceByLink(world, join(place, file), world.at("precious/moved"));
    },
    ", links under names of files under way": (world, place, { file }) => {
      for (const name of [`.${file}.automlp-part`, `${file}.tmp`, ".checksums.json.automlp-part"]) {
        Deno.symlinkSync(world.at("precious/diary.txt"), join(place, name));
      }
    },
    ", a file of which has another name too": (world, place, { file }) =>
      Deno.linkSync(join(place, file), world.at("precious/second-name")),
    " with somebody's folder that may not be read": (_, place) => {
      writeFile(join(place, "closed", "thesis.txt"), "chapter one");
      Deno.chmodSync(join(place, "closed"), 0o000);
    },
    ", read-only": (_, place) => Deno.chmodSync(place, 0o555),
    ", moved and linked": (world, place) => {
      const kind = world.own.get(place)!;
      Deno.removeSync(place, { recursive: true });
      world.place(kind, world.at("elsewhere"));
      Deno.symlinkSync(world.at("elsewhere"), place);
      world.disown(place);
    },
  };

function replaceByLink(world: World, path: string, target: string): void {
  Deno.removeSync(path, { recursive: true });
  Deno.symlinkSync(target, path);
  for (const own of [...world.own.keys()]) if (own === path || own.startsWith(`${path}/`)) world.disown(own);
}

/** Each kind combined with each fate. */
export const OURS = Object.entries(PARTS).flatMap(([kind, part]) =>
  Object.entries(FATES).map(([fate, change]): [string, Target] => [
    `${kind}${fate}`,
    (world, place) => {
      world.place(kind as Kind, place);
      change(world, place, part);
    },
  ])
);
