/**
 * Reads what people have: interactions and the tables beside them, in many formats.
 *
 * @module
 */
export { readInteractions } from "./interactions.ts";
export { expandPaths } from "./paths.ts";
export { readSideTable } from "./side/table.ts";
export { SIDE_FORMATS, type SideFormat, type SideTableOptions, type SideTableResult } from "./side/types.ts";
export {
  type Encoding,
  ENCODINGS,
  type Format,
  FORMATS,
  type ReadOptions,
  type ReadResult,
  type SourceFile,
} from "./types.ts";
