/**
 * The options of commands that compute.
 *
 * @module
 */
import { z } from "zod";
import { ENGINES } from "./types.ts";

export const engineShape = {
  engine: z.enum(ENGINES).optional().meta({
    title: "NAME",
    description: "compute on this engine and no other",
    fallback: "the fastest there is",
  }),
};

export const threadsShape = {
  threads: z.int().positive().optional()
    .meta({ title: "N", description: "threads of the native engine", fallback: "all cores" }),
};
