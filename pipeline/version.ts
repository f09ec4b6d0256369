/**
 * Versions that go into every manifest.
 *
 * @module
 */
import pl from "nodejs-polars";
import config from "../deno.json" with { type: "json" };

export const VERSIONS: Record<string, string> = {
  automlp: config.version,
  deno: Deno.version.deno,
  polars: pl.version,
};
