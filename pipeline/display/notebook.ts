/**
 * Progress in a notebook: one output that updates in place.
 *
 * @module
 */
import type { Progress } from "../contract/progress.ts";
import { escapeHtml } from "./table.ts";
import { facts, fractionOf, outcome, type Running, SHOW_AFTER, track } from "./tasks.ts";

/** Sends a message of the Jupyter protocol to the front end; `Deno.jupyter.broadcast` is one. */
export type Broadcast = (type: string, content: Record<string, unknown>) => void | Promise<void>;

/** What {@link notebookProgress} can be told. */
export interface NotebookOptions {
  /** Milliseconds, from any origin. Default: `performance.now`. */
  now?: () => number;
  /** Default: the Deno kernel's. */
  broadcast?: Broadcast;
  /** The output's name in the notebook. Default: a random one. */
  displayId?: string;
}

const NOTEBOOK_EVERY = 250; // ms

/**
 * Progress as one output of a notebook cell, updated in place, at most four times a second while tasks advance. Use
 * one per cell: it goes on drawing where it began.
 *
 * @throws {Error} Deno's own, outside its Jupyter kernel, where no `broadcast` is given.
 */
export function notebookProgress(options: NotebookOptions = {}): Progress {
  const broadcast = options.broadcast ?? Deno.jupyter.broadcast;
  const displayId = options.displayId ?? crypto.randomUUID();
  const finished: { html: string; text: string }[] = [];
  let drawn = -Infinity;

  const draw = (tasks: readonly Running[], at: number) => {
    const running = tasks.map((task) => {
      const known = facts(task, at).join(" · "), fraction = fractionOf(task);
      const value = fraction === undefined ? "" : ` value="${fraction.toFixed(4)}"`;
      return {
        html: `<div>${escapeHtml(task.label)} <progress${value}></progress> ${escapeHtml(known)}</div>`,
        text: `${task.label}  ${known}`.trimEnd(),
      };
    });
    const lines = [...finished, ...running];
    const content = {
      data: {
        "text/html": `<div style="font-variant-numeric:tabular-nums">${
          lines.map(({ html }) => html).join("")
        }</div>`,
        "text/plain": lines.map(({ text }) => text).join("\n"),
      },
      metadata: {},
      transient: { display_id: displayId },
    };
    // The front end may be gone, or the cell closed: that is no reason to stop the work.
    const type = drawn === -Infinity ? "display_data" : "update_display_data";
    Promise.try(() => broadcast(type, content)).catch(() => {});
    drawn = at;
  };
  const keep = (text: string) => finished.push({ html: `<div>${escapeHtml(text)}</div>`, text });

  return track({
    show(tasks, at, event) {
      if (event === "start" || at - drawn >= NOTEBOOK_EVERY) draw(tasks, at);
    },
    finish(task, note, tasks, at) {
      if (at - task.started >= SHOW_AFTER) keep(`✓ ${outcome(task, note, at)}`);
      draw(tasks, at);
    },
    warn(message, tasks, at) {
      keep(`⚠ ${message}`);
      draw(tasks, at);
    },
  }, options.now ?? (() => performance.now()));
}
