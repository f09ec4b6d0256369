// Long short-term memory (Hochreiter and Schmidhuber 1997; forget gate by Gers et al. 2000), as in PyTorch:
//   i, f, o = σ(W x + U h), g = tanh(Wg x + Ug h), c' = f ⊙ c + i ⊙ g, h' = o ⊙ tanh(c').
#include "recurrent.h"

namespace automlp {
namespace {

/// One row of a step: replaces the gates' sums by their values and computes the new memory and the new state.
WIDEST void cell(float* __restrict i, float* __restrict f, float* __restrict g, float* __restrict o, float* __restrict c,
                 const float* __restrict last, float* __restrict after, int64_t hidden) {
  for (int64_t k = 0; k < hidden; ++k) {
    i[k] = sigmoidOf(i[k]);
    f[k] = sigmoidOf(f[k]);
    g[k] = tanhOf(g[k]);
    o[k] = sigmoidOf(o[k]);
    c[k] = f[k] * last[k] + i[k] * g[k];
    after[k] = o[k] * tanhOf(c[k]);
  }
}

/// The gradient: from dh and the gradient of the memory, those of the gates' sums. The memory's gradient becomes that of the memory before.
WIDEST void cellGrad(const float* __restrict i, const float* __restrict f, const float* __restrict g,
                     const float* __restrict o, const float* __restrict c, const float* __restrict last,
                     const float* __restrict dh, float* __restrict memory, float* __restrict di, float* __restrict df,
                     float* __restrict dg, float* __restrict dO, int64_t hidden) {
  for (int64_t k = 0; k < hidden; ++k) {
    const float level = tanhOf(c[k]), dc = memory[k] + dh[k] * o[k] * (1.0f - level * level);
    di[k] = dc * g[k] * i[k] * (1.0f - i[k]);
    df[k] = dc * last[k] * f[k] * (1.0f - f[k]);
    dg[k] = dc * i[k] * (1.0f - g[k] * g[k]);
    dO[k] = dh[k] * level * o[k] * (1.0f - o[k]);
    memory[k] = dc * f[k];
  }
}

/// Kept for each position: i, f, g, o, and c'.
struct Lstm {
  static constexpr int64_t GATES = 4, LAG = 0, KEPT = 5;
  static int64_t input(int64_t slot) { return slot; }
  static int64_t state(int64_t slot) { return slot; }

  static void step(const CellStep& s, float* y) {
    for (int64_t row = 0; row < s.rows; ++row) {
      float *i = s.gates + row * s.width, *f = i + s.high, *g = f + s.high, *o = g + s.high, *c = o + s.high;
      float* after = y + row * s.hidden;
      const float* last = s.gatesBefore + row * s.widthBefore + 4 * s.high;
      if (s.skips(row)) {
        const float* before = s.before + row * s.beforeStep;
        std::copy(last, last + s.hidden, c);
        std::copy(before, before + s.hidden, after);
      } else {
        cell(i, f, g, o, c, last, after, s.hidden);
      }
    }
  }

  static void stepGrad(const CellStepGrad& s) {
    for (int64_t row = 0; row < s.rows; ++row) {
      const float *i = s.gates + row * s.width, *f = i + s.high, *g = f + s.high, *o = g + s.high, *c = o + s.high;
      const float* last = s.gatesBefore + row * s.widthBefore + 4 * s.high;
      float *d = s.d + row * s.line, *dh = s.dh + row * s.high;
      if (s.skips(row)) {
        std::fill(d, d + 4 * s.high, 0.0f);
      } else {
        cellGrad(i, f, g, o, c, last, dh, s.carry + row * s.high, d, d + s.high, d + 2 * s.high, d + 3 * s.high, s.hidden);
        std::fill(dh, dh + s.hidden, 0.0f);
      }
    }
  }
};

OPERATION(lstmOperation, "AutomlpLstm",
          LIST("x: float", "w_ih: float", "w_hh: float", "b_ih: float", "b_hh: float", "ids: N * int32"),
          LIST("y: float", "kept: float"), LIST("N: int >= 0"), recurrent<Lstm>);
OPERATION(lstmGradOperation, "AutomlpLstmGrad",
          LIST("dy: float", "x: float", "y: float", "kept: float", "w_ih: float", "w_hh: float", "ids: N * int32"),
          LIST("dx: float", "d_w_ih: float", "d_w_hh: float", "d_b_ih: float", "d_b_hh: float"), LIST("N: int >= 0"),
          recurrentGrad<Lstm>);

}  // namespace
}  // namespace automlp
