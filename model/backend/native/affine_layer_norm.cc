// Layer normalisation over the last axis with gain and bias, and its gradient.
#include <algorithm>

#include "op.h"
#include "parallel.h"
#include "tiles.h"

namespace automlp {
namespace {

/// Maximum number of pieces into which the rows are divided for sums; it does not depend on the number of threads.
constexpr int64_t PIECES = 16;

void affineLayerNorm(const Attributes& attributes, Call& call) {
  const Tensor x = call.input(0), gain = call.input(1), bias = call.input(2);
  const Rows n(x, false);
  if (call.refused(gain.size() == n.width && bias.size() == n.width, "affineLayerNorm: the shapes do not fit")) return;
  const Tensor y = call.output(0, x.shape());
  const int64_t grain = rowGrain(n.width);
  Pool::get().run(n.rows, grain, [&](int64_t begin, int64_t end) {
    thread_local std::vector<float> memory;
    Scratch scratch(memory, 2 * grain, 2);
    float *means = scratch.take(grain), *scales = scratch.take(grain);
    tiles().norm({x.data() + begin * n.width, n.width, y.data() + begin * n.width, n.width, end - begin, n.width,
                  gain.data(), bias.data(), means, scales, attributes.number});
  });
}

void affineLayerNormGrad(const Attributes& attributes, Call& call) {
  const Tensor dy = call.input(0), x = call.input(1), gain = call.input(2);
  const Rows n(x, false);
  if (call.refused(dy.size() == x.size() && gain.size() == n.width, "affineLayerNormGrad: the shapes do not fit")) return;
  const Tensor dx = call.output(0, x.shape()), dGain = call.output(1, {n.width}), dBias = call.output(2, {n.width});
  const int64_t grain = std::max<int64_t>(1, (n.rows + PIECES - 1) / PIECES), pieces = (n.rows + grain - 1) / grain;
  const int64_t step = std::min(grain, rowGrain(n.width)), wide = padded(n.width);
  thread_local std::vector<float> kept;
  Scratch whole(kept, 2 * wide * std::max<int64_t>(1, pieces), 1);
  float* sums = whole.take(2 * wide * std::max<int64_t>(1, pieces), 0);
  Pool::get().run(n.rows, grain, [&](int64_t begin, int64_t end) {
    float *ownGain = sums + begin / grain * 2 * wide, *ownBias = ownGain + wide;
    thread_local std::vector<float> memory;
    Scratch scratch(memory, 2 * step + step * n.width + n.width, 4);
    float *means = scratch.take(step), *scales = scratch.take(step), *normal = scratch.take(step * n.width);
    const float* none = scratch.take(n.width, 0);
    for (int64_t first = begin; first < end; first += step) {
      const int64_t at = first * n.width, rows = std::min(step, end - first);
      // For means and scales.
      tiles().norm({x.data() + at, n.width, normal, n.width, rows, n.width, gain.data(), none, means, scales,
                    attributes.number});
      tiles().normGrad({dy.data() + at, n.width, x.data() + at, n.width, dx.data() + at, n.width, rows, n.width,
                        gain.data(), means, scales, ownGain, ownBias, nullptr, nullptr, n.width});
    }
  });
  addPieces(sums, pieces, 2 * wide);
  unpack(sums, 1, n.width, wide, dGain.data());
  unpack(sums + wide, 1, n.width, wide, dBias.data());
}

OPERATION(affineLayerNormOperation, "AutomlpAffineLayerNorm", LIST("x: float", "gain: float", "bias: float"),
          LIST("y: float"), LIST("number: float"), affineLayerNorm);
OPERATION(affineLayerNormGradOperation, "AutomlpAffineLayerNormGrad", LIST("dy: float", "x: float", "gain: float"),
          LIST("dx: float", "d_gain: float", "d_bias: float"), LIST("number: float"), affineLayerNormGrad);

}  // namespace
}  // namespace automlp
