/**
 * Student's t-distribution: the probability of a value at least a given distance from 0, and the distance for a given probability.
 *
 * Computed by the regularised incomplete beta function, p = I_x(ν/2, 1/2) with x = ν / (ν + t²), as a continued fraction (Abramowitz and
 * Stegun, "Handbook of Mathematical Functions", 26.7.1 and 26.5.8), evaluated by the method of Lentz (Applied Optics 15, 1976).
 *
 * @module
 */

/**
 * Returns the probability of a value at least as far from 0 as t, on either side.
 *
 * @param degreesOfFreedom ν > 0, whole or not.
 */
export function twoSidedP(t: number, degreesOfFreedom: number): number {
  const ratio = t * t / degreesOfFreedom, a = degreesOfFreedom / 2, b = 1 / 2;
  if (ratio === Infinity) return 0;
  const x = 1 / (1 + ratio), rest = ratio / (1 + ratio); // 1 − x, without a subtraction
  // x^a (1 − x)^b / B(a, b)
  const factor = Math.exp(-a * Math.log1p(ratio)) * Math.sqrt(rest / Math.PI) * gammaRatio(a);
  return x < (a + 1) / (a + b + 2)
    ? factor * continuedFraction(x, a, b) / a
    : 1 - factor * continuedFraction(rest, b, a) / b;
}

/**
 * Returns the t for which {@link twoSidedP} is p.
 *
 * @param p 0 < p < 1
 */
export function twoSidedT(p: number, degreesOfFreedom: number): number {
  let high = 1;
  while (twoSidedP(high, degreesOfFreedom) > p) high *= 2;
  let low = high === 1 ? 0 : high / 2;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (twoSidedP(middle, degreesOfFreedom) > p) low = middle;
    else high = middle;
  }
}

/** Computes Γ(a + 1/2) / Γ(a): by Stirling's series for large a, and by recurrence from there for smaller a. */
function gammaRatio(a: number): number {
  if (a < 50) return gammaRatio(a + 1) * a / (a + 1 / 2);
  const u = 1 / a;
  return Math.sqrt(a) *
    (1 + u * (-1 / 8 + u * (1 / 128 + u * (5 / 1024 + u * (-21 / 32768 - u * 399 / 262144)))));
}

/** The maximum number of terms: enough for billions of degrees of freedom, since the number needed grows with their square root. */
const MAX_TERMS = 1_000_000;
/** Replaces a denominator that is 0. */
const TINY = 1e-300;

/** Computes I_x(a, b) · a B(a, b) / (x^a (1 − x)^b), for x below its mean. */
function continuedFraction(x: number, a: number, b: number): number {
  const away = (value: number) => Math.abs(value) < TINY ? TINY : value;
  let c = 1, d = 1 / away(1 - (a + b) * x / (a + 1)), value = d;
  for (let m = 1; m < MAX_TERMS; m++) {
    const even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    let step = 1;
    for (const term of [even, odd]) {
      d = 1 / away(1 + term * d);
      c = away(1 + term / c);
      step = c * d;
      value *= step;
    }
    if (Math.abs(step - 1) < Number.EPSILON) return value;
  }
  throw new Error(`The incomplete beta function of x ${x}, a ${a}, b ${b} does not converge`);
}
