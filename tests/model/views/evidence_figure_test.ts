import assert from "node:assert/strict";
import { evidenceFigure } from "../../../model/views/figures.ts";

const evidence = [[0.02, 0.02], [0, 0], [0.02, 0.01]].map(([difference, standardError]) => ({
  loss: 5 + difference,
  difference,
  standardError,
  judgements: 20,
}));
const names = ["3", "5", "10"];
const drawn = (more: Partial<Parameters<typeof evidenceFigure>[2]> = {}) =>
  evidenceFigure(names, evidence, { selected: 0, ...more }).html;

Deno.test("evidence drawn: the thick line is one standard error, so that what the rule allows reaches 0, though other intervals hold 0 too", () => {
  const html = drawn();
  const [, zero] = /aria-label="rule">.*?<line [^>]*x1="([\d.]+)"/.exec(html)!;
  const [thick] = /<g [^>]*stroke-width="7".*?<\/g>/.exec(html)!;
  const lines = [...thick.matchAll(/ d="M([\d.]+),[\d.]+L([\d.]+),/g)].map(([, ...ends]) => ends.map(Number));
  assert.equal(lines.length, 2); // the best has no error
  const [three, ten] = lines, pixels = (three[1] - Number(zero)) / 0.04;
  assert.ok(Math.abs(three[0] - Number(zero)) < 0.01); // 0.02 − 0.02
  assert.ok(Math.abs(ten[0] - Number(zero) - 0.01 * pixels) < 0.01); // 0.02 − 0.01
});
