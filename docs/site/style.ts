/**
 * Style of the site's pages, in addition to that of reports.
 *
 * @module
 */

export const SITE_STYLE = `
html { scroll-padding-top: 1rem; }
body.site { max-width: 76rem; display: grid; grid-template-columns: 15rem minmax(0, 1fr); gap: 0 3rem; padding-top: 2rem; }
.site main { min-width: 0; max-width: 54rem; }
.site .menu { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow-y: auto; margin: 0; padding: .3rem .5rem 2rem 0; scrollbar-width: thin; }
.site .menu summary { color: var(--ink); font-weight: 600; font-size: .9rem; }
.site nav { display: block; margin: 0; font-size: .9rem; }
.site nav h2 { font-size: .75rem; letter-spacing: .04em; text-transform: uppercase; color: var(--soft); margin: 1.3rem 0 .35rem; }
.site nav ul { list-style: none; margin: 0; padding: 0; }
.site nav li { line-height: 1.35; }
/* Large enough for a finger. */
.site nav a { display: inline-block; padding: .2rem 0; }
.site nav li ul { margin: .3rem 0 .6rem; padding-left: .8rem; border-left: 1px solid var(--line); font-size: .92em; }
.site nav a { color: var(--soft); }
.site nav > ul > li > a { color: var(--ink); }
.site nav code { background: none; padding: 0; }
.site .here > span { color: var(--accent); font-weight: 600; }
.site h1 { margin-bottom: 1.2rem; }
.site main h2 { font-size: 1.35rem; margin: 2.6rem 0 .9rem; padding-top: 1.3rem; border-top: 1px solid var(--line); }
.site main h3 { font-size: 1.08rem; margin: 1.8rem 0 .6rem; }
.anchor { margin-left: .4em; color: var(--soft); text-decoration: none; opacity: 0; }
:is(h2, h3, h4):hover .anchor, .anchor:focus { opacity: .7; }
.site p, .site main > ul, .site main > ol { max-width: 48rem; }
.site main > ul, .site main > ol { padding-left: 1.3rem; margin: 0 0 1rem; }
.site main li { margin: .3rem 0; }
.site code { font: .86em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; background: var(--panel);
  border-radius: 4px; padding: .1em .3em; overflow-wrap: anywhere; }
.site a code { color: inherit; }
.site pre { margin: 0 0 1.2rem; }
.site pre code { background: none; padding: 0; font-size: 1em; overflow-wrap: normal; }
.site img { max-width: 100%; height: auto; border-radius: 8px; }
.site .table table { border-collapse: collapse; }
.site .table :is(th, td) { padding: .35em .9em; text-align: left; font-variant-numeric: tabular-nums; }
.site .table :is(th, td)[align="right"] { text-align: right; white-space: nowrap; }
.site .short { white-space: nowrap; }
.site .table td:not(.short) { min-width: 16rem; }
.around { display: flex; justify-content: space-between; gap: 1rem; font-size: .9rem; white-space: normal; }
@supports selector(::details-content) {
  @media (min-width: 56.01rem) {
    .site .menu::details-content { content-visibility: visible; block-size: auto; }
    .site .menu summary { list-style: none; pointer-events: none; }
    .site .menu summary::-webkit-details-marker { display: none; }
  }
}
@media (max-width: 56rem) {
  body.site { display: block; padding-top: 1rem; }
  .site .table td { min-width: 6rem; }
  .site .table td:not(.short) { min-width: 12rem; }
  .site .table td:first-child { white-space: normal; }
  .site .menu { position: static; max-height: none; border-bottom: 1px solid var(--line); padding: 0 0 .8rem; margin-bottom: 1.6rem; }
}
@media print { body.site { display: block; } .site .menu, .anchor, .around { display: none; }
  .site .table td { min-width: 0 !important; } }
`;
