/** What may be at the place that a command is to write to, by what people would call it. */
import { OURS } from "./ours.ts";
import { STRANGERS, type Target } from "./strangers.ts";

export const TARGETS: Record<string, Target> = {
  ...STRANGERS,
  ...Object.fromEntries(OURS),
  "recommendations": (world, place) => world.place("recommendations", place),
  "report": (world, place) => world.place("report", place),
};
