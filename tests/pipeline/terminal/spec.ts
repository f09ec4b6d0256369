/** A sample command for tests of the frame of commands. */
import type { CommandSpec } from "../../../pipeline/terminal/options.ts";

export const BREW: CommandSpec = {
  name: "brew",
  summary: "Brews tea.",
  positional: "CUP",
  options: {
    "What is brewed": {
      tea: {
        kind: "text",
        value: "NAME",
        choices: ["green", "black"],
        fallback: "black",
        help: "the tea",
      },
      maxMinutes: { kind: "number", value: "N", help: "how long, at most" },
      note: { kind: "list", whole: true, value: "TEXT", help: "what is to be heeded" },
      addIn: { kind: "list", value: "THINGS", help: "what goes in" },
      iced: { kind: "flag", help: "serve it cold" },
    },
  },
  glossary: {
    Teas: { green: "Not fermented.", black: "Fermented. " + "It takes boiling water. ".repeat(6).trim() },
  },
  examples: ["deno task brew mug --tea green"],
};
