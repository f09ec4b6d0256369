// Dropout by a mask that is a pure function of (seed, position): the gradient draws it again instead of keeping it.
#include "op.h"
#include "parallel.h"

namespace automlp {
namespace {

/// Chris Wellons' lowbias32: every bit of the input changes each bit of the output with a chance of nearly a half.
INLINE uint32_t mix(uint32_t x) {
  x = (x ^ (x >> 16)) * 0x7feb352du;
  x = (x ^ (x >> 15)) * 0x846ca68bu;
  return x ^ (x >> 16);
}

WIDEST void drop(const float* x, float* y, uint32_t from, int64_t n, uint32_t seed, uint32_t limit, float scale) {
  const uint32_t first = mix(seed), second = mix(first ^ 0x9e3779b9u);
  for (int64_t i = 0; i < n; ++i) {
    const uint32_t draw = mix(mix((from + static_cast<uint32_t>(i)) ^ first) ^ second);
    // Multiplying by 0 would let NaN through; so would it in the plain implementation, and this one must agree.
    y[i] = x[i] * (draw < limit ? 0.0f : scale);
  }
}

void dropout(const Attributes& attributes, Call& call) {
  const Tensor x = call.input(0), seed = call.input(1);
  const Tensor y = call.output(0, x.shape());
  const float* from = x.data();
  float* to = y.data();
  const uint32_t start = static_cast<uint32_t>(seed.data<int32_t>()[0]);
  const uint32_t limit = static_cast<uint32_t>(static_cast<double>(attributes.number) * 4294967296.0);
  const float scale = 1.0f / (1.0f - attributes.number);
  Pool::get().run(x.size(), GRAIN, [=](int64_t begin, int64_t end) {
    drop(from + begin, to + begin, static_cast<uint32_t>(begin), end - begin, start, limit, scale);
  });
}

OPERATION(dropoutOperation, "AutomlpDropout", LIST("x: float", "seed: int32"), LIST("y: float"), LIST("number: float"),
          dropout);

}  // namespace
}  // namespace automlp
