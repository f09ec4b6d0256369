/** The requests to a driver. */
import type { PlaceCase } from "./place_case.ts";

export type Work =
  /** The first request: check the sandbox, and make what the cases start from. */
  | { do: "begin" }
  | { do: "place"; case: PlaceCase };
