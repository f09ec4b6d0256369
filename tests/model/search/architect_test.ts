import assert from "node:assert/strict";
import {
  type Bilevel,
  type BothGradients,
  firstOrder,
  secondOrder,
} from "../../../model/search/mixed_outputs.ts";

/**
 * A bilevel problem that can be solved by hand: L_train = ½ a (w − α)² + ¼ b w⁴, L_val = ½ (w − c)² + ½ d α².
 *
 * With one step w′ = w − ξ (a (w − α) + b w³), which depends on α by dw′/dα = ξ a:
 * dL_val(w′, α)/dα = (w′ − c) ξ a + d α.
 */
class ByHand implements Bilevel<number> {
  constructor(
    readonly w: number,
    readonly alpha: number,
    readonly a = 2,
    readonly b = 0.5,
    readonly c = 3,
    readonly d = 0.1,
  ) {}

  #at(at?: { direction: number; scale: number }): number {
    return this.w + (at ? at.scale * at.direction : 0);
  }

  alphaGradient(loss: "train" | "validation", at?: { direction: number; scale: number }): Float64Array {
    return Float64Array.of(loss === "train" ? -this.a * (this.#at(at) - this.alpha) : this.d * this.alpha);
  }

  gradients(loss: "train" | "validation", at?: { direction: number; scale: number }): BothGradients<number> {
    const w = this.#at(at);
    return {
      alpha: this.alphaGradient(loss, at),
      weights: loss === "train" ? this.a * (w - this.alpha) + this.b * w ** 3 : w - this.c,
    };
  }

  norm = Math.abs;

  /** L_val after one step of the weights. */
  ahead(alpha: number, xi: number): number {
    const w = this.w - xi * (this.a * (this.w - alpha) + this.b * this.w ** 3);
    return 0.5 * (w - this.c) ** 2 + 0.5 * this.d * alpha ** 2;
  }
}

Deno.test("architect: the second-order gradient of a problem solved by hand, and of numeric differentiation", () => {
  for (const [w, alpha] of [[1, 0.5], [-2, 1], [0.3, -0.7]]) {
    for (const xi of [0.01, 0.1, 0.5]) {
      const problem = new ByHand(w, alpha), { a, b, c, d } = problem;
      const [found] = secondOrder(problem, xi);
      const step = w - xi * (a * (w - alpha) + b * w ** 3);
      const byHand = (step - c) * xi * a + d * alpha;
      assert(Math.abs(found - byHand) < 1e-9 * Math.max(1, Math.abs(byHand)), `${found}, by hand ${byHand}`);
      const h = 1e-5;
      const numeric = (problem.ahead(alpha + h, xi) - problem.ahead(alpha - h, xi)) / (2 * h);
      assert(Math.abs(found - numeric) < 1e-6);
    }
  }
});

Deno.test("architect: the first order leaves out how the weights follow α", () => {
  assert.deepEqual([...firstOrder(new ByHand(1, 0.5))], [0.05]);
  assert(Math.abs(secondOrder(new ByHand(1, 0.5), 0)[0] - 0.05) < 1e-12, "ξ = 0 is the first order");
});
