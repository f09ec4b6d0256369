/**
 * Versions that go into every manifest.
 *
 * @module
 */
import pl from "nodejs-polars";

/** The program's version, the same as in `deno.json`. */
export const VERSION = "0.1.0";

export const VERSIONS: Record<string, string> = {
  automlp: VERSION,
  deno: Deno.version.deno,
  polars: pl.version,
};
