// The gated recurrent unit (Cho et al. 2014) in the form of PyTorch and cuDNN, where r multiplies the product with the state:
//   r = σ(Wr x + Ur h), z = σ(Wz x + Uz h), n = tanh(Wn x + r ⊙ (Un h)), h' = (1 − z) ⊙ n + z ⊙ h.
#include "recurrent.h"

namespace automlp {
namespace {

/// One row of a step: replaces the gates' sums by their values (u is Un h) and computes the new state.
WIDEST void cell(float* __restrict n, float* __restrict r, float* __restrict z, const float* __restrict u,
                 const float* __restrict before, float* __restrict after, int64_t hidden) {
  for (int64_t i = 0; i < hidden; ++i) {
    r[i] = sigmoidOf(r[i]);
    z[i] = sigmoidOf(z[i]);
    n[i] = tanhOf(n[i] + r[i] * u[i]);
    after[i] = n[i] + z[i] * (before[i] - n[i]);
  }
}

/// The gradient: from dh, those of the gates' sums and of u, stored in this order from d on, and the part of dh that bypasses the gates.
WIDEST void cellGrad(const float* __restrict n, const float* __restrict r, const float* __restrict z,
                     const float* __restrict u, const float* __restrict before, float* __restrict dh,
                     float* __restrict dn, float* __restrict dr, float* __restrict dz, float* __restrict du,
                     int64_t hidden) {
  for (int64_t i = 0; i < hidden; ++i) {
    const float inner = dh[i] * (1.0f - z[i]) * (1.0f - n[i] * n[i]);
    dn[i] = inner;
    dr[i] = inner * u[i] * r[i] * (1.0f - r[i]);
    dz[i] = dh[i] * (before[i] - n[i]) * z[i] * (1.0f - z[i]);
    du[i] = inner * r[i];
    dh[i] *= z[i];
  }
}

/// Kept for each position: n, r, z, and Un h.
struct Gru {
  static constexpr int64_t GATES = 3, LAG = 1, KEPT = 4;
  static int64_t input(int64_t slot) { return (slot + 2) % 3; }  // n, r, z of r, z, n
  static int64_t state(int64_t slot) { return slot; }

  static void step(const CellStep& s, float* y) {
    for (int64_t row = 0; row < s.rows; ++row) {
      float *after = y + row * s.hidden, *n = s.gates + row * s.width;
      const float* before = s.before + row * s.beforeStep;
      if (s.skips(row)) {
        std::copy(before, before + s.hidden, after);
      } else {
        cell(n, n + s.high, n + 2 * s.high, n + 3 * s.high, before, after, s.hidden);
      }
    }
  }

  static void stepGrad(const CellStepGrad& s) {
    for (int64_t row = 0; row < s.rows; ++row) {
      const float *n = s.gates + row * s.width, *before = s.before + row * s.beforeStep;
      float *d = s.d + row * s.line, *dh = s.dh + row * s.high;
      if (s.skips(row)) {
        std::fill(d, d + 4 * s.high, 0.0f);
      } else {
        cellGrad(n, n + s.high, n + 2 * s.high, n + 3 * s.high, before, dh, d, d + s.high, d + 2 * s.high,
                 d + 3 * s.high, s.hidden);
      }
    }
  }
};

OPERATION(gruOperation, "AutomlpGru",
          LIST("x: float", "w_ih: float", "w_hh: float", "b_ih: float", "b_hh: float", "ids: N * int32"),
          LIST("y: float", "kept: float"), LIST("N: int >= 0"), recurrent<Gru>);
OPERATION(gruGradOperation, "AutomlpGruGrad",
          LIST("dy: float", "x: float", "y: float", "kept: float", "w_ih: float", "w_hh: float", "ids: N * int32"),
          LIST("dx: float", "d_w_ih: float", "d_w_hh: float", "d_b_ih: float", "d_b_hh: float"), LIST("N: int >= 0"),
          recurrentGrad<Gru>);

}  // namespace
}  // namespace automlp
