// Dropout by a mask that is a pure function of (seed, position): the gradient draws it again instead of keeping it.
#include "draw.h"
#include "op.h"
#include "parallel.h"

namespace automlp {
namespace {

WIDEST void drop(const float* x, float* y, uint32_t from, int64_t n, const Draw& draws) {
  const Draw draw = draws;
  for (int64_t i = 0; i < n; ++i) {
    // Multiplying by 0 would let NaN through; the plain implementation does so too, and this one must agree with it.
    y[i] = x[i] * factorOf(draw, from + static_cast<uint32_t>(i));
  }
}

void dropout(const Attributes& attributes, Call& call) {
  const Tensor x = call.input(0), seed = call.input(1);
  const Tensor y = call.output(0, x.shape());
  const float* from = x.data();
  float* to = y.data();
  const Draw draw(attributes.number, seed.data<int32_t>()[0]);
  Pool::get().run(x.size(), GRAIN, [=](int64_t begin, int64_t end) {
    drop(from + begin, to + begin, static_cast<uint32_t>(begin), end - begin, draw);
  });
}

OPERATION(dropoutOperation, "AutomlpDropout", LIST("x: float", "seed: int32"), LIST("y: float"), LIST("number: float"),
          dropout);

}  // namespace
}  // namespace automlp
