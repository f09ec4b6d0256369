// The feed-forward block of a transformer, w2 g(w1 x + b1) + b2 for each position, and its gradient, which computes the hidden
// units again. g is GELU or ReLU.
#include <algorithm>

#include "factors.h"
#include "op.h"
#include "parallel.h"
#include "tiles.h"

namespace automlp {
namespace {

/// Number of positions in a tile.
constexpr int64_t TILE = 32;
/// Maximum number of pieces into which the positions are divided; it does not depend on the number of threads.
constexpr int64_t PIECES = 16;

WIDEST void relu(float* x, int64_t n) {
  for (int64_t i = 0; i < n; ++i) x[i] = x[i] < 0.0f ? 0.0f : x[i];  // NaN stays
}

WIDEST void reluGrad(float* __restrict x, float* __restrict dy, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    dy[i] = x[i] > 0.0f ? dy[i] : 0.0f;
    x[i] = x[i] < 0.0f ? 0.0f : x[i];
  }
}

struct Sizes {
  int64_t rows, dim, hidden, out;
  int64_t wide, high, broad;  // dim, hidden and out, padded
  int64_t tiles() const { return (rows + TILE - 1) / TILE; }
  int64_t grain() const { return (tiles() + PIECES - 1) / PIECES; }
  int64_t pieces() const { return (tiles() + grain() - 1) / grain(); }
};

/// The inputs that the forward pass and the gradient share, starting at input `first`: x, w1, b1, w2.
struct Inputs {
  Tensor x, w1, b1, w2;
  Sizes n{};
  Inputs(Call& call, int first)
      : x(call.input(first)), w1(call.input(first + 1)), b1(call.input(first + 2)), w2(call.input(first + 3)) {}

  bool refused(Call& call) {
    const std::vector<int64_t> one = w1.shape(), two = w2.shape();
    const int64_t dim = Rows(x, false).width;
    if (call.refused(one.size() == 2 && two.size() == 2 && one[1] == dim && b1.size() == one[0] && two[1] == one[0] &&
                         x.size() > 0,
                     "feedForward: the shapes do not fit, or x is empty"))
      return true;
    n = {x.size() / dim, dim, one[0], two[0], padded(dim), padded(one[0]), padded(two[0])};
    return false;
  }
  /// x's shape, with another last axis.
  std::vector<int64_t> shape(int64_t last) const {
    std::vector<int64_t> shape = x.shape();
    shape.back() = last;
    return shape;
  }
};

void feedForward(const Attributes& attributes, Call& call) {
  Inputs in(call, 0);
  const Tensor b2 = call.input(4);
  if (in.refused(call)) return;
  const Sizes& n = in.n;
  if (call.refused(b2.size() == n.out, "feedForward: b2 has another length")) return;
  const Tensor output = call.output(0, in.shape(n.out));
  const float* x = in.x.data();
  float* y = output.data();
  const Tiles& run = tiles();
  const auto activate = attributes.flag ? relu : run.gelu;

  thread_local std::vector<float> kept;
  Scratch whole(kept, (n.dim + 1) * n.high + (n.hidden + 1) * n.broad, 4);
  float *w1 = whole.take(n.dim * n.high, 0), *w2 = whole.take(n.hidden * n.broad, 0), *b1 = whole.take(n.high, 0),
        *shift = whole.take(n.broad, 0);
  packTransposed(in.w1.data(), n.hidden, n.dim, w1, n.high);
  packTransposed(in.w2.data(), n.out, n.hidden, w2, n.broad);
  pack(in.b1.data(), 1, n.hidden, b1, n.high);
  pack(b2.data(), 1, n.out, shift, n.broad);
  Factors factors;
  const Right one = factors.right({w1, n.high}, n.dim, n.high), two = factors.right({w2, n.broad}, n.hidden, n.broad);

  Pool::get().run(n.rows, TILE, [&](int64_t first, int64_t end) {
    thread_local std::vector<float> memory;
    Scratch scratch(memory, TILE * (n.high + n.broad), 2);
    float *h = scratch.take(TILE * n.high), *out = scratch.take(TILE * n.broad);
    const int64_t rows = end - first;
    run.product({{x + first * n.dim, n.dim, 1}, one, h, n.high, rows, n.dim, n.high, Start::biasOfColumn, b1});
    activate(h, rows * n.high);
    run.product({{h, n.high, 1}, two, out, n.broad, rows, n.hidden, n.broad, Start::biasOfColumn, shift});
    unpack(out, rows, n.out, n.broad, y + first * n.out);
  });
}

/// Contribution of one piece of the positions to the gradients of the weights.
struct Sums {
  float *w1, *w2, *b1, *b2;
  static int64_t size(const Sizes& n) { return n.hidden * n.wide + (n.out + 1) * n.high + n.broad; }
  Sums(const Sizes& n, float* from) {
    w1 = from;                    // [hidden, wide]
    w2 = w1 + n.hidden * n.wide;  // [out, high]
    b1 = w2 + n.out * n.high;
    b2 = b1 + n.high;
  }
};

void feedForwardGrad(const Attributes& attributes, Call& call) {
  Inputs in(call, 1);
  const Tensor dOut = call.input(0);
  if (in.refused(call)) return;
  const Sizes& n = in.n;
  if (call.refused(dOut.size() == n.rows * n.out, "feedForwardGrad: dy has another shape")) return;
  const Tensor dIn = call.output(0, in.x.shape()), dW1 = call.output(1, {n.hidden, n.dim}), dB1 = call.output(2, {n.hidden}),
               dW2 = call.output(3, {n.out, n.hidden}), dB2 = call.output(4, {n.out});
  const float *x = in.x.data(), *dy = dOut.data();
  float* dx = dIn.data();
  const Tiles& run = tiles();
  const auto activateGrad = attributes.flag ? reluGrad : run.geluGrad;

  const int64_t size = padded(Sums::size(n));
  thread_local std::vector<float> kept;
  Scratch whole(kept, (n.dim + n.out + 1) * n.high + n.hidden * n.wide + size * n.pieces(), 5);
  float *w1 = whole.take(n.dim * n.high, 0), *back1 = whole.take(n.hidden * n.wide, 0), *w2 = whole.take(n.out * n.high, 0),
        *b1 = whole.take(n.high, 0), *sums = whole.take(size * n.pieces());
  packTransposed(in.w1.data(), n.hidden, n.dim, w1, n.high);
  pack(in.w1.data(), n.hidden, n.dim, back1, n.wide);
  pack(in.w2.data(), n.out, n.hidden, w2, n.high);
  pack(in.b1.data(), 1, n.hidden, b1, n.high);
  Factors factors;
  const Right one = factors.right({w1, n.high}, n.dim, n.high), two = factors.right({w2, n.high}, n.out, n.high),
              back = factors.right({back1, n.wide}, n.hidden, n.wide);

  Pool::get().run(n.tiles(), n.grain(), [&](int64_t begin, int64_t end) {
    float* own = sums + begin / n.grain() * size;
    const Sums sum(n, own);
    thread_local std::vector<float> memory;
    Scratch scratch(memory, TILE * (2 * n.wide + n.broad + 2 * n.high + 1), 6);
    float *u = scratch.take(TILE * n.wide, 0), *du = scratch.take(TILE * n.wide), *d = scratch.take(TILE * n.broad, 0);
    float *h = scratch.take(TILE * n.high), *dz = scratch.take(TILE * n.high);
    const float* ones = scratch.take(TILE, 1);
    for (int64_t first = begin * TILE; first < std::min(end * TILE, n.rows); first += TILE) {
      const int64_t rows = std::min(TILE, n.rows - first);
      const Start how = first == begin * TILE ? Start::zero : Start::sum;
      pack(x + first * n.dim, rows, n.dim, u, n.wide);
      pack(dy + first * n.out, rows, n.out, d, n.broad);
      run.product({{u, n.wide, 1}, one, h, n.high, rows, n.dim, n.high, Start::biasOfColumn, b1});
      run.product({{d, n.broad, 1}, two, dz, n.high, rows, n.out, n.high});
      activateGrad(h, dz, rows * n.high);
      run.product({{d, 1, n.broad}, {h, n.high}, sum.w2, n.high, n.out, rows, n.high, how});
      run.product({{dz, 1, n.high}, {u, n.wide}, sum.w1, n.wide, n.hidden, rows, n.wide, how});
      run.product({{ones, 0, 1}, {dz, n.high}, sum.b1, n.high, 1, rows, n.high, how});
      run.product({{ones, 0, 1}, {d, n.broad}, sum.b2, n.broad, 1, rows, n.broad, how});
      run.product({{dz, n.high, 1}, back, du, n.wide, rows, n.hidden, n.wide});
      unpack(du, rows, n.dim, n.wide, dx + first * n.dim);
    }
  });

  addPieces(sums, n.pieces(), size);
  const Sums sum(n, sums);
  unpack(sum.w1, n.hidden, n.dim, n.wide, dW1.data());
  unpack(sum.w2, n.out, n.hidden, n.high, dW2.data());
  unpack(sum.b1, 1, n.hidden, n.high, dB1.data());
  unpack(sum.b2, 1, n.out, n.broad, dB2.data());
}

OPERATION(feedForwardOperation, "AutomlpFeedForward",
          LIST("x: float", "w1: float", "b1: float", "w2: float", "b2: float"), LIST("y: float"), LIST("flag: bool"),
          feedForward);
OPERATION(feedForwardGradOperation, "AutomlpFeedForwardGrad",
          LIST("dy: float", "x: float", "w1: float", "b1: float", "w2: float"),
          LIST("dx: float", "d_w1: float", "d_b1: float", "d_w2: float", "d_b2: float"), LIST("flag: bool"),
          feedForwardGrad);

}  // namespace
}  // namespace automlp
