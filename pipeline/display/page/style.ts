/**
 * The style sheet of HTML reports.
 *
 * @module
 */

/** Colors are variables at the top, once for light and once for dark; print is always light. */
export const STYLE = `
:root { --ink: #1c1f23; --soft: #5b636d; --line: #dfe3e8; --ground: #fff; --panel: #f6f7f9; --shade: #0004; --accent: #2f74b5; --warn: #9a6200; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e7eb; --soft: #9aa3ae; --line: #333a43; --ground: #15181c; --panel: #1d2127; --shade: #fff5; --accent: #6aa9e0; --warn: #e0a94a; }
}
@media print { :root { --ink: #000; --soft: #444; --line: #bbb; --ground: #fff; --panel: #fff; --shade: transparent; --accent: #000; --warn: #000; color-scheme: light; } }
* { box-sizing: border-box; }
html { color: var(--ink); background: var(--ground); -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body { max-width: 62rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem;
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; overflow-wrap: break-word; }
h1 { font-size: clamp(1.6rem, 5vw, 2.2rem); line-height: 1.2; letter-spacing: -.02em; margin: 0; }
h2 { font-size: 1.2rem; letter-spacing: -.01em; margin: 0 0 .8rem; }
a { color: var(--accent); }
.subtitle { color: var(--soft); margin: .35rem 0 0; }
.headline { display: flex; flex-wrap: wrap; gap: 1px; margin: 1.6rem 0 0;
  background: var(--panel); border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
.headline div { flex: 1 0 auto; min-width: 7.5rem; max-width: 100%; display: flex; flex-direction: column; justify-content: space-between; box-shadow: 0 0 0 1px var(--line); padding: .8rem 1rem; }
.headline dt { width: 0; min-width: 100%; color: var(--soft); font-size: .8rem; }
.headline dd { margin: 0; font-size: 1.35rem; font-weight: 600; font-variant-numeric: tabular-nums; white-space: nowrap; }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; margin-top: 1.2rem; font-size: .9rem; }
nav a { text-decoration: none; }
nav a:hover { text-decoration: underline; }
section { margin-top: 2.4rem; padding-top: 1.6rem; border-top: 1px solid var(--line); }
p { max-width: 44rem; margin: 0 0 1rem; }
/* A shadow at an edge behind which there is more. */
.table, .wide, pre { --under: var(--ground); background:
  linear-gradient(to right, var(--under) 50%, transparent) local 0 0 / 2.5rem 100% no-repeat,
  linear-gradient(to left, var(--under) 50%, transparent) local 100% 0 / 2.5rem 100% no-repeat,
  radial-gradient(farthest-side at 0 50%, var(--shade), transparent) 0 0 / .9rem 100% no-repeat,
  radial-gradient(farthest-side at 100% 50%, var(--shade), transparent) 100% 0 / .9rem 100% no-repeat, var(--under); }
.table, pre { overflow-x: auto; }
.table { margin: 0 0 1.2rem; }
.table table { font-size: .9rem; min-width: min(100%, 18rem); }
.table th { color: var(--soft); font-weight: 500; border-bottom: 1px solid var(--line); vertical-align: bottom; }
.table td { border-bottom: 1px solid var(--line); vertical-align: top; }
.table td[style*="right"] { white-space: nowrap; }
.table tr:last-child td { border-bottom: 0; }
@media (max-width: 40rem) { .table :is(th, td) { padding: .2em .6em !important; } }
.table :is(th, td):first-child, .table caption { padding-left: 0 !important; }
.table :is(th, td):last-child { padding-right: 0 !important; }
/* A table may be wider than the page, its caption need not. */
.table caption { max-width: calc(100vw - 2.5rem); }
@media (max-width: 40rem) { .table caption { white-space: normal !important; } }
figure svg { max-width: 100%; height: auto; }
.drawing { position: relative; max-width: 100%; }
.drawing > span:hover { background: #8882; }
/* To the side where there is room. */
.drawing > span:hover::after { content: attr(data-tip); position: absolute; z-index: 1; bottom: 100%; left: 0; width: max-content; max-width: 11rem;
  padding: .3rem .6rem; font-size: .8rem; line-height: 1.4; white-space: pre-line; color: var(--ink); background: var(--panel);
  border: 1px solid var(--line); border-radius: 6px; pointer-events: none; }
.drawing > span.right:hover::after { left: auto; right: 0; }
@media screen and (max-width: 40rem) {
  .wide { overflow-x: auto; }
  .wide :is(svg, .drawing) { max-width: none; }
  /* The box would cut a tip above it. */
  .wide .drawing > span:hover::after { position: fixed; inset: auto 0 0; width: auto; max-width: none; }
}
figcaption { max-width: 40rem; margin-top: .3rem; }
.warnings { list-style: none; margin: 0 0 1.2rem; padding: .7rem 1rem; color: var(--warn); background: var(--panel);
  border-left: 3px solid var(--warn); border-radius: 4px; font-size: .9rem; }
details { margin: 0 0 1rem; }
summary { cursor: pointer; color: var(--accent); }
pre { --under: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: .9rem 1rem;
  font: .82rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .8rem;
  white-space: pre-line; overflow-wrap: anywhere; }
@media print {
  .drawing > span { display: none; }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  nav { display: none; }
  section { break-inside: auto; }
  figure, .table tr, h2, .headline { break-inside: avoid; }
  h2 { break-after: avoid; }
  details::details-content { content-visibility: visible; block-size: auto; }
  /* Paper does not scroll: what is too wide is broken. */
  pre, .table { overflow: visible !important; }
  pre, .table, .wide { background: none; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  .table table { font-size: .85em; }
  .table :is(th, td, caption) { white-space: normal !important; overflow-wrap: anywhere; }
  .table :is(th, td) { padding: .2em .5em !important; }
}
`;
