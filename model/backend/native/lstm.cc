// Long short-term memory (Hochreiter and Schmidhuber 1997; forget gate by Gers et al. 2000), as in PyTorch:
//   i, f, o = σ(W x + U h), g = tanh(Wg x + Ug h), c' = f ⊙ c + i ⊙ g, h' = o ⊙ tanh(c').
#include "recurrent.h"

namespace automlp {
namespace {

/// Kept of a position: i, f, g, o, and c'.
struct Lstm {
  static constexpr int64_t GATES = 4, LAG = 0, KEPT = 5;
  static int64_t input(int64_t slot) { return slot; }
  static int64_t state(int64_t slot) { return slot; }

  WIDEST static void step(const CellStep& s, float* y) {
    const int64_t hidden = s.hidden, high = s.high;
    for (int64_t row = 0; row < s.rows; ++row) {
      float *__restrict i = s.gates + row * s.width, *__restrict f = i + high, *__restrict g = f + high,
                       *__restrict o = g + high, *__restrict c = o + high, *__restrict after = y + row * hidden;
      const float* __restrict last = s.gatesBefore + row * s.widthBefore + 4 * high;
      if (s.skips(row)) {
        const float* __restrict before = s.before + row * s.beforeStep;
        for (int64_t k = 0; k < hidden; ++k) {
          c[k] = last[k];
          after[k] = before[k];
        }
        continue;
      }
      for (int64_t k = 0; k < hidden; ++k) {
        i[k] = sigmoidOf(i[k]);
        f[k] = sigmoidOf(f[k]);
        g[k] = tanhOf(g[k]);
        o[k] = sigmoidOf(o[k]);
        c[k] = f[k] * last[k] + i[k] * g[k];
        after[k] = o[k] * tanhOf(c[k]);
      }
    }
  }

  WIDEST static void stepGrad(const CellStepGrad& s) {
    const int64_t hidden = s.hidden, high = s.high;
    for (int64_t row = 0; row < s.rows; ++row) {
      float *__restrict di = s.d + row * s.line, *__restrict df = di + high, *__restrict dg = df + high,
                       *__restrict dO = dg + high, *__restrict dh = s.dh + row * high,
                       *__restrict carry = s.carry + row * high;
      if (s.skips(row)) {
        for (int64_t k = 0; k < 4 * high; ++k) di[k] = 0;
        continue;
      }
      const float *__restrict i = s.gates + row * s.width, *__restrict f = i + high, *__restrict g = f + high,
                             *__restrict o = g + high, *__restrict c = o + high;
      const float* __restrict last = s.gatesBefore + row * s.widthBefore + 4 * high;
      for (int64_t k = 0; k < hidden; ++k) {
        const float level = tanhOf(c[k]), dc = carry[k] + dh[k] * o[k] * (1.0f - level * level);
        di[k] = dc * g[k] * i[k] * (1.0f - i[k]);
        df[k] = dc * last[k] * f[k] * (1.0f - f[k]);
        dg[k] = dc * i[k] * (1.0f - g[k] * g[k]);
        dO[k] = dh[k] * level * o[k] * (1.0f - o[k]);
        carry[k] = dc * f[k];
        dh[k] = 0;
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
