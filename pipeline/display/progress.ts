/**
 * Progress for people: in a terminal, in a log, in a notebook.
 *
 * @module
 */
export { terminalProgress } from "./progress/terminal.ts";
export type { TerminalOptions, TerminalProgress, TextStream } from "./progress/terminal.ts";
export { notebookProgress } from "./progress/notebook.ts";
export type { Broadcast } from "./cell/broadcast.ts";
export type { NotebookOptions } from "./progress/notebook.ts";
