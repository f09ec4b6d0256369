/** The requests to a driver. */
import type { MutationCase } from "./mutation_case.ts";
import type { PlaceCase } from "./place_case.ts";
import type { ReaderName } from "./readings.ts";
import type { Specimen } from "./specimens.ts";

export type Work =
  /** The first request: check the sandbox, and make what the cases start from. */
  | { do: "begin"; with: "places" | "mutations" }
  | { do: "place"; case: PlaceCase }
  | { do: "mutation"; case: MutationCase }
  /** Asks which files of a specimen a reader reads. */
  | { do: "reads"; specimen: Specimen; reader: ReaderName };
