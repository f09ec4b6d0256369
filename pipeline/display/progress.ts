/**
 * Progress for people: in a terminal, in a log, in a notebook.
 *
 * @module
 */
export { terminalProgress } from "./terminal.ts";
export type { TerminalOptions, TerminalProgress, TextStream } from "./terminal.ts";
export { notebookProgress } from "./notebook.ts";
export type { Broadcast } from "./broadcast.ts";
export type { NotebookOptions } from "./notebook.ts";
