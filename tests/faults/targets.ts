/** What may exist at the place that a command writes to, by descriptive names. */
import { OURS } from "./ours.ts";
import { STRANGERS, type Target } from "./strangers.ts";

export const TARGETS: Record<string, Target> = {
  ...STRANGERS,
  ...Object.fromEntries(OURS),
  "recommendations": (world, place) => world.place("recommendations", place),
  "report": (world, place) => world.place("report", place),
};
