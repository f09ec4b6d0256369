/**
 * The versions that every manifest records.
 *
 * @module
 */
import pl from "nodejs-polars";
import { VERSION } from "./version_number.ts";

export { VERSION };

export const VERSIONS: Record<string, string> = {
  automlp: VERSION,
  deno: Deno.version.deno,
  polars: pl.version,
};
