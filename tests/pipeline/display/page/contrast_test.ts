/** Contrast of text with its background: WCAG 2.2 requires 4.5 (1.4.3). */
import assert from "node:assert/strict";
import { svgImage } from "../../../../pipeline/display/cell/fragment.ts";
import { STYLE } from "../../../../pipeline/display/page/style.ts";
import { figure } from "../../../../pipeline/display/page.ts";

const LEAST = 4.5;

/** [red, green, blue] of a colour such as `#fff` or `#ffffff`, each from 0 to 1. */
function channels(color: string): number[] {
  const digits = color.slice(1), full = digits.length === 3 ? digits.replace(/./g, "$&$&") : digits;
  assert.match(full, /^[0-9a-f]{6}$/, color);
  return full.match(/../g)!.map((pair) => parseInt(pair, 16) / 255);
}

function luminance(rgb: number[]): number {
  const [r, g, b] = rgb.map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast of a text, which may have an opacity below 1, with its background. */
function contrast(ink: string, ground: string, opacity = 1): number {
  const under = channels(ground);
  const seen = channels(ink).map((c, i) => opacity * c + (1 - opacity) * under[i]);
  const [dark, light] = [luminance(seen), luminance(under)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** The colours of pages: on the screen, in dark mode, on paper. */
const PALETTES = [...STYLE.matchAll(/:root \{([^}]*)\}/g)].map(([, rules]) =>
  Object.fromEntries([...rules.matchAll(/--([a-z]+): (#[0-9a-f]+)/g)].map(([, name, color]) => [name, color]))
);

Deno.test("contrast: by the known answers", () => {
  assert.equal(contrast("#000", "#fff").toFixed(2), "21.00");
  assert.equal(contrast("#767676", "#fff").toFixed(2), "4.54");
  assert.ok(contrast("#777777", "#fff") < LEAST, "the test can fail");
  assert.equal(contrast("#000", "#fff", 0.4).toFixed(2), contrast("#999999", "#fff").toFixed(2));
});

Deno.test("pages: every colour of text reads on every ground, in the light, in the dark and on paper", () => {
  assert.equal(PALETTES.length, 3);
  for (const { ground, panel, ...inks } of PALETTES) {
    for (const name of ["ink", "soft", "accent", "warn"]) {
      for (const under of [ground, panel]) {
        const found = contrast(inks[name], under);
        assert.ok(found >= LEAST, `${name} ${inks[name]} on ${under}: ${found.toFixed(2)}`);
      }
    }
    const [, opacity] = /figcaption style="[^"]*opacity:([\d.]+)/.exec(figure("", "").html)!;
    assert.ok(contrast(inks.ink, ground, Number(opacity)) >= LEAST, "captions");
  }
});

Deno.test("drawings as images: axes and labels read on the image's own ground, light and dark", () => {
  const html = svgImage(
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" fill="currentColor"></svg>',
  );
  const [, data] = /base64,([^"]+)/.exec(html)!, svg = new TextDecoder().decode(Uint8Array.fromBase64(data));
  const rules = [...svg.matchAll(/svg \{ color: (#[0-9a-f]+); background: (#[0-9a-f]+);[^}]*\}/g)];
  assert.equal(rules.length, 2);
  for (const [, ink, ground] of rules) assert.ok(contrast(ink, ground) >= LEAST, `${ink} on ${ground}`);
});
