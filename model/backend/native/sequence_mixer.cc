// The sequence mixer, x + W2 GELU(W1 LayerNorm(x) + b1) + b2 along the positions, and its gradient: a few sequences at a
// time, so that nothing between input and output leaves the cache. The gradient computes the forward pass again: that
// takes less time than keeping it.
#include <algorithm>

#include "factors.h"
#include "op.h"
#include "parallel.h"
#include "tiles.h"

namespace automlp {
namespace {

/// Number of pieces into which the sequences are divided; it does not depend on the number of threads.
constexpr int64_t PIECES = 16;
/// Number of neighboring channels that a tile reads from memory, where positions are far apart.
constexpr int64_t CHANNELS = 512;
/// Number of channels, over all sequences of a tile, whose hidden units are computed at a time.
constexpr int64_t BLOCK = 64;

struct Sizes {
  int64_t length, mixed, given;  // positions of x; newest positions, which are mixed; newest of those, which are returned
  int64_t batch, dim, hidden;
  int64_t wide, high;  // dim and hidden, padded
  int64_t sequences() const { return std::max<int64_t>(1, CHANNELS / wide); }  // of a tile
  /// Step from one position of a tile to the next; not a power of two, with which positions would share few places in the cache.
  int64_t line() const { return sequences() * wide + PAD; }
  int64_t grain() const { return (batch + PIECES - 1) / PIECES; }
  int64_t pieces() const { return (batch + grain() - 1) / grain(); }
  int64_t place(int64_t position, int64_t sequence) const { return (position * batch + sequence) * dim; }
};

/// The inputs that the forward pass and the gradient share, starting at input `first`: x, gain, bias, w1, b1, w2.
struct Inputs {
  Tensor x, gain, bias, w1, b1, w2;
  Sizes sizes{};
  Inputs(Call& call, int first)
      : x(call.input(first)),
        gain(call.input(first + 1)),
        bias(call.input(first + 2)),
        w1(call.input(first + 3)),
        b1(call.input(first + 4)),
        w2(call.input(first + 5)) {}

  bool refused(Call& call) {
    const std::vector<int64_t> in = x.shape(), one = w1.shape(), two = w2.shape();
    if (call.refused(in.size() == 3 && one.size() == 2 && two.size() == 2, "sequenceMixer: an input has another rank"))
      return true;
    sizes = {in[0], one[1], two[0], in[1], in[2], one[0], padded(in[2]), padded(one[0])};
    return call.refused(sizes.mixed <= sizes.length && sizes.given <= sizes.mixed && two[1] == sizes.hidden &&
                            b1.size() == sizes.hidden && gain.size() == sizes.dim && bias.size() == sizes.dim &&
                            x.size() > 0,
                        "sequenceMixer: the shapes do not fit");
  }

  /// The mixed positions.
  const float* from() const { return x.data() + sizes.place(sizes.length - sizes.mixed, 0); }

  /// LayerNorm of some sequences: u [mixed, line]; means and scales [mixed, sequences].
  void norm(int64_t first, int64_t count, float* u, float* means, float* scales, float epsilon) const {
    for (int64_t k = 0; k < sizes.mixed; ++k) {
      const int64_t row = k * sizes.sequences();
      tiles().norm({from() + sizes.place(k, first), sizes.dim, u + k * sizes.line(), sizes.wide, count, sizes.dim,
                    gain.data(), bias.data(), means + row, scales + row, epsilon});
    }
  }
};

void sequenceMixer(const Attributes& attributes, Call& call) {
  Inputs in(call, 0);
  const Tensor b2 = call.input(6);
  if (in.refused(call)) return;
  const Sizes& n = in.sizes;
  if (call.refused(b2.size() == n.given, "sequenceMixer: b2 has another length")) return;
  const Tensor output = call.output(0, {n.given, n.batch, n.dim});
  const float* residual = in.from() + n.place(n.mixed - n.given, 0);
  float* y = output.data();
  const Tiles& run = tiles();
  Factors factors;
  const Left one = factors.left({in.w1.data(), n.mixed, 1}, n.hidden, n.mixed),
             two = factors.left({in.w2.data(), n.hidden, 1}, n.given, n.hidden);
  Pool::get().run(n.batch, n.grain(), [&](int64_t begin, int64_t end) {
    const int64_t line = n.line(), rows = n.mixed * n.sequences();
    thread_local std::vector<float> memory;
    Scratch scratch(memory, (n.mixed + n.given) * line + n.hidden * BLOCK + 2 * rows, 5);
    float *u = scratch.take(n.mixed * line, 0), *o = scratch.take(n.given * line), *h = scratch.take(n.hidden * BLOCK);
    float *means = scratch.take(rows), *scales = scratch.take(rows);
    for (int64_t first = begin; first < end; first += n.sequences()) {
      const int64_t count = std::min(n.sequences(), end - first);
      in.norm(first, count, u, means, scales, attributes.number);
      for (int64_t c = 0; c < count * n.wide; c += BLOCK) {
        const int64_t channels = std::min(BLOCK, count * n.wide - c);
        run.product({one, {u + c, line}, h, channels, n.hidden, n.mixed, channels, Start::biasOfRow,
                     in.b1.data()});
        run.gelu(h, n.hidden * channels);
        run.product({two, {h, channels}, o + c, line, n.given, n.hidden, channels, Start::biasOfRow,
                     b2.data()});
      }
      for (int64_t k = 0; k < n.given; ++k) {
        const int64_t at = n.place(k, first);
        run.sum({o + k * line, n.wide, residual + at, y + at, count, n.dim});
      }
    }
  });
}

/// Contribution of one piece of the batch to the gradients of the weights.
struct Sums {
  float *w1, *w2, *b1, *b2, *gain, *bias;
  static int64_t size(const Sizes& n) {
    return (n.mixed + n.given + 1) * n.high + padded(n.given) + 2 * n.wide;
  }
  Sums(const Sizes& n, float* from) {
    w1 = from;                   // [mixed, high], transposed
    w2 = w1 + n.mixed * n.high;  // [given, high]
    b1 = w2 + n.given * n.high;
    b2 = b1 + n.high;
    gain = b2 + padded(n.given);
    bias = gain + n.wide;
  }
};

void sequenceMixerGrad(const Attributes& attributes, Call& call) {
  Inputs in(call, 1);
  const Tensor dOut = call.input(0);
  // If nothing is added, dy takes its place and is not read.
  const bool added = call.inputs() > 7;
  const Tensor addition = call.input(added ? 7 : 0);
  if (in.refused(call)) return;
  const Sizes& n = in.sizes;
  const int64_t extra = added ? addition.shape()[0] : 0;
  if (call.refused(dOut.size() == n.place(n.given, 0), "sequenceMixerGrad: dy has another shape")) return;
  if (call.refused(!added || (extra <= n.mixed && addition.size() == n.place(extra, 0)),
                   "sequenceMixerGrad: what is added has another shape"))
    return;
  const Tensor dIn = call.output(0, {n.mixed, n.batch, n.dim}), dGain = call.output(1, {n.dim}),
               dBias = call.output(2, {n.dim}), dW1 = call.output(3, {n.hidden, n.mixed}),
               dB1 = call.output(4, {n.hidden}), dW2 = call.output(5, {n.given, n.hidden}), dB2 = call.output(6, {n.given});
  const float *x = in.from(), *dy = dOut.data(), *add = addition.data();
  float* dx = dIn.data();
  const Tiles& run = tiles();

  const int64_t size = padded(Sums::size(n));
  thread_local std::vector<float> kept;
  Scratch whole(kept, (n.mixed + n.given + 1) * n.high + size * n.pieces(), 4);
  float *w1 = whole.take(n.mixed * n.high, 0), *w2 = whole.take(n.given * n.high, 0), *b1 = whole.take(n.high, 0);
  float* sums = whole.take(size * n.pieces());
  packTransposed(in.w1.data(), n.hidden, n.mixed, w1, n.high);
  pack(in.w2.data(), n.given, n.hidden, w2, n.high);
  pack(in.b1.data(), 1, n.hidden, b1, n.high);
  Factors factors;
  const Right one = factors.right({w1, n.high}, n.mixed, n.high), two = factors.right({w2, n.high}, n.given, n.high);
  const Left back = factors.left({w1, n.high, 1}, n.mixed, n.hidden);

  Pool::get().run(n.batch, n.grain(), [&](int64_t begin, int64_t end) {
    float* own = sums + begin / n.grain() * size;
    const Sums sum(n, own);
    std::fill(sum.b2, own + size, 0.0f);
    const int64_t line = n.line(), rows = n.mixed * n.sequences();
    thread_local std::vector<float> memory;
    Scratch scratch(memory, (2 * n.mixed + n.given) * line + (3 * n.high + 1) * BLOCK + 2 * rows, 9);
    float *u = scratch.take(n.mixed * line, 0), *du = scratch.take(n.mixed * line), *d = scratch.take(n.given * line, 0);
    float *h = scratch.take(BLOCK * n.high), *dz = scratch.take(BLOCK * n.high), *dzT = scratch.take(n.high * BLOCK);
    float *means = scratch.take(rows), *scales = scratch.take(rows);
    const float* ones = scratch.take(BLOCK, 1);
    for (int64_t first = begin; first < end; first += n.sequences()) {
      const int64_t count = std::min(n.sequences(), end - first);
      in.norm(first, count, u, means, scales, attributes.number);
      for (int64_t k = 0; k < n.given; ++k) pack(dy + n.place(k, first), count, n.dim, d + k * line, n.wide);
      for (int64_t c = 0; c < count * n.wide; c += BLOCK) {
        const int64_t channels = std::min(BLOCK, count * n.wide - c);
        const Start how = first == begin && c == 0 ? Start::zero : Start::sum;
        // Channels along the rows and hidden units along the columns, except in dzT.
        run.product({{u + c, 1, line}, one, h, n.high, channels, n.mixed, n.high, Start::biasOfColumn, b1});
        run.product({{d + c, 1, line}, two, dz, n.high, channels, n.given, n.high});
        run.geluGrad(h, dz, channels * n.high);
        run.product({{d + c, line, 1}, {h, n.high}, sum.w2, n.high, n.given, channels, n.high, how});
        run.product({{u + c, line, 1}, {dz, n.high}, sum.w1, n.high, n.mixed, channels, n.high, how});
        run.product({{ones, 0, 1}, {dz, n.high}, sum.b1, n.high, 1, channels, n.high, how});
        run.transpose(dz, channels, n.high, dzT, channels);
        run.product({back, {dzT, channels}, du + c, line, n.mixed, n.hidden, channels});
      }
      for (int64_t k = 0; k < n.given; ++k) sum.b2[k] += run.total(d + k * line, count * n.wide);
      for (int64_t k = 0; k < n.mixed; ++k) {
        const int64_t at = n.place(k, first), row = k * n.sequences();
        // The gradients of the residual and of others reach the newest positions only.
        const auto newest = [&](const float* gradient, int64_t length) {
          return k >= n.mixed - length ? gradient + n.place(k - n.mixed + length, first) : nullptr;
        };
        run.normGrad({du + k * line, n.wide, x + at, n.dim, dx + at, n.dim, count, n.dim, in.gain.data(), means + row,
                      scales + row, sum.gain, sum.bias, newest(dy, n.given), newest(add, extra), n.dim});
      }
    }
  });

  addPieces(sums, n.pieces(), size);
  const Sums sum(n, sums);
  unpackTransposed(sum.w1, n.mixed, n.hidden, n.high, dW1.data());
  unpack(sum.w2, n.given, n.hidden, n.high, dW2.data());
  unpack(sum.b1, 1, n.hidden, n.high, dB1.data());
  unpack(sum.b2, 1, n.given, n.given, dB2.data());
  unpack(sum.gain, 1, n.dim, n.wide, dGain.data());
  unpack(sum.bias, 1, n.dim, n.wide, dBias.data());
}

OPERATION(sequenceMixerOperation, "AutomlpSequenceMixer",
          LIST("x: float", "gain: float", "bias: float", "w1: float", "b1: float", "w2: float", "b2: float"),
          LIST("y: float"), LIST("number: float"), sequenceMixer);
OPERATION(sequenceMixerGradOperation, "AutomlpSequenceMixerGrad",
          LIST("dy: float", "x: float", "gain: float", "bias: float", "w1: float", "b1: float", "w2: float",
               "add: N * float"),
          LIST("dx: float", "d_gain: float", "d_bias: float", "d_w1: float", "d_b1: float", "d_w2: float", "d_b2: float"),
          LIST("number: float", "N: int >= 0"), sequenceMixerGrad);

}  // namespace
}  // namespace automlp
