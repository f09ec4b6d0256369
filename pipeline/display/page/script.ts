/**
 * The script of a page that is kept up to date, and the hash by which the browser recognizes it.
 *
 * @module
 */
import { createHash } from "node:crypto";

/** Path, relative to the page, where it receives updates: each event is the whole new page. */
export const EVENTS = "events";

/**
 * Replaces the sections that have changed, so that the reader's scroll position is kept, also in wide tables. Adds to times how long ago
 * they were, by the reader's clock.
 */
export const SCRIPT = `
"use strict";
const live = document.getElementById("live");
const say = (text, lost) => { live.textContent = text; live.className = lost ? "lost" : ""; live.hidden = false; };

function ago(seconds) {
  if (seconds < 60) return Math.floor(seconds) + " s";
  if (seconds < 3600) return Math.floor(seconds / 60) + " min";
  if (seconds < 172800) return Math.floor(seconds / 3600) + " h";
  return Math.floor(seconds / 86400) + " days";
}
function tick() {
  for (const time of document.querySelectorAll("time")) {
    const seconds = (Date.now() - Date.parse(time.dateTime)) / 1000;
    time.dataset.ago = seconds > 0 ? " (" + ago(seconds) + " ago)" : "";
  }
}

function replace(old, next) {
  if (old.isEqualNode(next)) return;
  const moved = [...old.querySelectorAll(".table")].map((one) => one.scrollLeft);
  old.replaceWith(next);
  next.querySelectorAll(".table").forEach((one, i) => { one.scrollLeft = moved[i] ?? 0; });
}
function update(html) {
  const next = new DOMParser().parseFromString(html, "text/html");
  document.title = next.title;
  replace(document.querySelector("header"), next.querySelector("header"));
  const old = [...document.querySelectorAll("main > section")], sections = [...next.querySelectorAll("main > section")];
  const titles = (of) => of.map((one) => one.firstChild.textContent).join("\\n");
  if (titles(old) === titles(sections)) old.forEach((one, i) => replace(one, sections[i]));
  else replace(document.querySelector("main"), next.querySelector("main"));
  replace(document.querySelector("footer"), next.querySelector("footer"));
  tick();
}

const source = new EventSource("${EVENTS}");
source.onmessage = ({ data }) => { say("live"); update(data); };
source.onerror = () => say("not live: the program that served this page does not answer; this is what it knew last", true);
setInterval(tick, 1000);
tick();
`;

/** The part of the page's content security policy that allows this script only, and its events. */
export const SCRIPT_POLICY = `script-src 'sha256-${
  createHash("sha256").update(SCRIPT).digest("base64")
}'; connect-src 'self'`;
