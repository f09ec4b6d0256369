/**
 * Reads interactions and the tables beside them, in many formats.
 *
 * @module
 */
export { readInteractions } from "./interactions.ts";
export { expandPaths } from "./paths.ts";
export { readSideTable } from "./side/table.ts";
export {
  ENCODINGS,
  FORMATS,
  type ReadFormat,
  type ReadOptions,
  type ReadResult,
  SIDE_FORMATS,
  type SideFormat,
  type SideTableOptions,
  type SideTableResult,
  type SourceFile,
  type TextEncoding,
} from "./types.ts";
