// The channel mixer, x + W4 GELU(W3 LayerNorm(x) + b3) + b4 along the channels, and its gradient: a few positions at a time,
// so that nothing between input and output leaves the cache. The gradient computes the forward pass again: that takes
// less time than keeping it.
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

struct Sizes {
  int64_t rows, dim, hidden;
  int64_t wide, high;  // dim and hidden, padded
  int64_t tiles() const { return (rows + TILE - 1) / TILE; }
  int64_t grain() const { return (tiles() + PIECES - 1) / PIECES; }
  int64_t pieces() const { return (tiles() + grain() - 1) / grain(); }
};

/// The inputs that the forward pass and the gradient share, starting at input `first`: x, w3, b3, w4.
struct Inputs {
  Tensor x, w3, b3, w4;
  Sizes sizes{};
  Inputs(Call& call, int first)
      : x(call.input(first)), w3(call.input(first + 1)), b3(call.input(first + 2)), w4(call.input(first + 3)) {}

  bool refused(Call& call) {
    const std::vector<int64_t> three = w3.shape(), four = w4.shape();
    const int64_t dim = Rows(x, false).width;
    if (call.refused(three.size() == 2 && three[1] == dim && b3.size() == three[0] && four.size() == 2 &&
                         four[0] == dim && four[1] == three[0] && x.size() > 0,
                     "channelMixer: the shapes do not fit, or x is empty"))
      return true;
    sizes = {x.size() / dim, dim, three[0], padded(dim), padded(three[0])};
    return false;
  }
};

void channelMixer(const Attributes& attributes, Call& call) {
  Inputs in(call, 0);
  const Tensor b4 = call.input(4);
  if (in.refused(call)) return;
  const Sizes& n = in.sizes;
  if (call.refused(b4.size() == n.dim, "channelMixer: b4 has another length")) return;
  const Tensor output = call.output(0, in.x.shape());
  const float* x = in.x.data();
  float* y = output.data();
  const Tiles& run = tiles();

  thread_local std::vector<float> kept;
  Scratch whole(kept, (n.dim + 1) * n.high + (n.hidden + 3) * n.wide, 6);
  float *w3 = whole.take(n.dim * n.high, 0), *w4 = whole.take(n.hidden * n.wide, 0), *b3 = whole.take(n.high, 0),
        *shift = whole.take(n.wide, 0);
  const float *ones = whole.take(n.wide, 1), *none = whole.take(n.wide, 0);
  packTransposed(in.w3.data(), n.hidden, n.dim, w3, n.high);
  packTransposed(in.w4.data(), n.dim, n.hidden, w4, n.wide);
  pack(in.b3.data(), 1, n.hidden, b3, n.high);
  pack(b4.data(), 1, n.dim, shift, n.wide);
  Factors factors;
  const Right three = factors.right({w3, n.high}, n.dim, n.high), four = factors.right({w4, n.wide}, n.hidden, n.wide);

  Pool::get().run(n.tiles(), n.grain(), [&](int64_t begin, int64_t end) {
    thread_local std::vector<float> memory;
    Scratch scratch(memory, TILE * (2 * n.wide + n.high + 2), 5);
    float *u = scratch.take(TILE * n.wide, 0), *h = scratch.take(TILE * n.high), *o = scratch.take(TILE * n.wide);
    float *means = scratch.take(TILE), *scales = scratch.take(TILE);
    for (int64_t first = begin * TILE; first < std::min(end * TILE, n.rows); first += TILE) {
      const int64_t rows = std::min(TILE, n.rows - first), at = first * n.dim;
      run.norm({x + at, n.dim, u, n.wide, rows, n.dim, ones, none, means, scales, attributes.number});
      run.product({{u, n.wide, 1}, three, h, n.high, rows, n.dim, n.high, Start::biasOfColumn, b3});
      run.gelu(h, rows * n.high);
      run.product({{h, n.high, 1}, four, o, n.wide, rows, n.hidden, n.wide, Start::biasOfColumn, shift});
      run.sum({o, n.wide, x + at, y + at, rows, n.dim});
    }
  });
}

/// Contribution of one piece of the positions to the gradients of the weights.
struct Sums {
  float *w3, *w4, *b3, *b4;
  static int64_t size(const Sizes& n) { return (n.hidden + 1) * n.wide + (n.dim + 1) * n.high; }
  Sums(const Sizes& n, float* from) {
    w3 = from;                    // [hidden, wide]
    w4 = w3 + n.hidden * n.wide;  // [dim, high]
    b3 = w4 + n.dim * n.high;
    b4 = b3 + n.high;
  }
};

void channelMixerGrad(const Attributes& attributes, Call& call) {
  Inputs in(call, 1);
  const Tensor dOut = call.input(0);
  if (in.refused(call)) return;
  const Sizes& n = in.sizes;
  if (call.refused(dOut.size() == in.x.size(), "channelMixerGrad: dy has another shape")) return;
  const Tensor dx = call.output(0, in.x.shape()), dW3 = call.output(1, {n.hidden, n.dim}), dB3 = call.output(2, {n.hidden}),
               dW4 = call.output(3, {n.dim, n.hidden}), dB4 = call.output(4, {n.dim});
  const float *x = in.x.data(), *dy = dOut.data();
  float* to = dx.data();
  const Tiles& run = tiles();

  const int64_t size = padded(Sums::size(n));
  thread_local std::vector<float> kept;
  Scratch whole(kept, (2 * n.dim + 1) * n.high + (n.hidden + 2) * n.wide + size * n.pieces(), 7);
  float *w3 = whole.take(n.dim * n.high, 0), *back3 = whole.take(n.hidden * n.wide, 0), *w4 = whole.take(n.dim * n.high, 0),
        *b3 = whole.take(n.high, 0);
  const float *ones = whole.take(n.wide, 1), *none = whole.take(n.wide, 0);
  float* sums = whole.take(size * n.pieces());
  packTransposed(in.w3.data(), n.hidden, n.dim, w3, n.high);
  pack(in.w3.data(), n.hidden, n.dim, back3, n.wide);
  pack(in.w4.data(), n.dim, n.hidden, w4, n.high);
  pack(in.b3.data(), 1, n.hidden, b3, n.high);
  Factors factors;
  const Right three = factors.right({w3, n.high}, n.dim, n.high), four = factors.right({w4, n.high}, n.dim, n.high),
              back = factors.right({back3, n.wide}, n.hidden, n.wide);

  Pool::get().run(n.tiles(), n.grain(), [&](int64_t begin, int64_t end) {
    float* own = sums + begin / n.grain() * size;
    const Sums sum(n, own);
    thread_local std::vector<float> memory;
    Scratch scratch(memory, TILE * (3 * n.wide + 2 * n.high + 3) + 2 * n.wide, 10);
    float *u = scratch.take(TILE * n.wide, 0), *du = scratch.take(TILE * n.wide), *d = scratch.take(TILE * n.wide, 0);
    float *h = scratch.take(TILE * n.high), *dz = scratch.take(TILE * n.high);
    float *means = scratch.take(TILE), *scales = scratch.take(TILE);
    const float* units = scratch.take(TILE, 1);
    float *dGain = scratch.take(n.wide, 0), *dBias = scratch.take(n.wide, 0);  // not used
    for (int64_t first = begin * TILE; first < std::min(end * TILE, n.rows); first += TILE) {
      const int64_t rows = std::min(TILE, n.rows - first), at = first * n.dim;
      const Start how = first == begin * TILE ? Start::zero : Start::sum;
      run.norm({x + at, n.dim, u, n.wide, rows, n.dim, ones, none, means, scales, attributes.number});
      pack(dy + at, rows, n.dim, d, n.wide);
      run.product({{u, n.wide, 1}, three, h, n.high, rows, n.dim, n.high, Start::biasOfColumn, b3});
      run.product({{d, n.wide, 1}, four, dz, n.high, rows, n.dim, n.high});
      run.geluGrad(h, dz, rows * n.high);
      run.product({{d, 1, n.wide}, {h, n.high}, sum.w4, n.high, n.dim, rows, n.high, how});
      run.product({{dz, 1, n.high}, {u, n.wide}, sum.w3, n.wide, n.hidden, rows, n.wide, how});
      run.product({{units, 0, 1}, {dz, n.high}, sum.b3, n.high, 1, rows, n.high, how});
      run.product({{units, 0, 1}, {d, n.wide}, sum.b4, n.wide, 1, rows, n.wide, how});
      run.product({{dz, n.high, 1}, back, du, n.wide, rows, n.hidden, n.wide});
      run.normGrad({du, n.wide, x + at, n.dim, to + at, n.dim, rows, n.dim, ones, means, scales, dGain, dBias, dy + at,
                    nullptr, n.dim});
    }
  });

  addPieces(sums, n.pieces(), size);
  const Sums sum(n, sums);
  unpack(sum.w3, n.hidden, n.dim, n.wide, dW3.data());
  unpack(sum.w4, n.dim, n.hidden, n.high, dW4.data());
  unpack(sum.b3, 1, n.hidden, n.high, dB3.data());
  unpack(sum.b4, 1, n.dim, n.wide, dB4.data());
}

OPERATION(channelMixerOperation, "AutomlpChannelMixer",
          LIST("x: float", "w3: float", "b3: float", "w4: float", "b4: float"), LIST("y: float"), LIST("number: float"),
          channelMixer);
OPERATION(channelMixerGradOperation, "AutomlpChannelMixerGrad",
          LIST("dy: float", "x: float", "w3: float", "b3: float", "w4: float"),
          LIST("dx: float", "d_w3: float", "d_b3: float", "d_w4: float", "d_b4: float"), LIST("number: float"),
          channelMixerGrad);

}  // namespace
}  // namespace automlp
