// The gated recurrent unit (Cho et al. 2014) in the form of PyTorch and cuDNN, where r weighs the state's product:
//   r = σ(Wr x + Ur h), z = σ(Wz x + Uz h), n = tanh(Wn x + r ⊙ (Un h)), h' = (1 − z) ⊙ n + z ⊙ h.
#include "recurrent.h"

namespace automlp {
namespace {

/// Kept of a position: n, r, z, and Un h.
struct Gru {
  static constexpr int64_t GATES = 3, LAG = 1, KEPT = 4;
  static int64_t input(int64_t slot) { return (slot + 2) % 3; }  // n, r, z of r, z, n
  static int64_t state(int64_t slot) { return slot; }

  WIDEST static void step(const CellStep& s, float* y) {
    const int64_t hidden = s.hidden, high = s.high;
    for (int64_t row = 0; row < s.rows; ++row) {
      const float* __restrict before = s.before + row * s.beforeStep;
      float* __restrict after = y + row * hidden;
      if (s.skips(row)) {
        for (int64_t i = 0; i < hidden; ++i) after[i] = before[i];
        continue;
      }
      float *__restrict n = s.gates + row * s.width, *__restrict r = n + high, *__restrict z = r + high;
      const float* __restrict u = z + high;
      for (int64_t i = 0; i < hidden; ++i) {
        r[i] = sigmoidOf(r[i]);
        z[i] = sigmoidOf(z[i]);
        n[i] = tanhOf(n[i] + r[i] * u[i]);
        after[i] = n[i] + z[i] * (before[i] - n[i]);
      }
    }
  }

  WIDEST static void stepGrad(const CellStepGrad& s) {
    const int64_t hidden = s.hidden, high = s.high;
    for (int64_t row = 0; row < s.rows; ++row) {
      float *__restrict dn = s.d + row * s.line, *__restrict dr = dn + high, *__restrict dz = dr + high,
                       *__restrict du = dz + high, *__restrict dh = s.dh + row * high;
      if (s.skips(row)) {
        for (int64_t i = 0; i < 4 * high; ++i) dn[i] = 0;
        continue;
      }
      const float *__restrict n = s.gates + row * s.width, *__restrict r = n + high, *__restrict z = r + high,
                             *__restrict u = z + high, *__restrict before = s.before + row * s.beforeStep;
      for (int64_t i = 0; i < hidden; ++i) {
        const float inner = dh[i] * (1.0f - z[i]) * (1.0f - n[i] * n[i]);
        dn[i] = inner;
        dr[i] = inner * u[i] * r[i] * (1.0f - r[i]);
        dz[i] = dh[i] * (before[i] - n[i]) * z[i] * (1.0f - z[i]);
        du[i] = inner * r[i];
        dh[i] *= z[i];
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
