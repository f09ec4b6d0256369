// Dilated causal convolution over time, [T, B, D] → [T, B, E], and its gradient. In time-major order, an earlier position is a row a
// few batches before, so each tap is a plain product of rows, and no sequence has to be assembled.
#include <algorithm>

#include "factors.h"
#include "op.h"
#include "parallel.h"
#include "tiles.h"

namespace automlp {
namespace {

/// Number of rows in a tile.
constexpr int64_t TILE = 64;
/// Maximum number of pieces into which the rows are divided for sums; it does not depend on the number of threads.
constexpr int64_t PIECES = 16;

struct Sizes {
  int64_t rows, batch, dim, out, taps, dilation;
  int64_t wide, high;  // dim and out, padded
  int64_t tiles() const { return (rows + TILE - 1) / TILE; }
  int64_t grain() const { return (tiles() + PIECES - 1) / PIECES; }
  int64_t pieces() const { return (tiles() + grain() - 1) / grain(); }
  /// How many rows back a tap reads.
  int64_t back(int64_t tap) const { return (taps - 1 - tap) * dilation * batch; }
};

/// x, w and ids: the inputs that the forward pass and the gradient share.
struct Inputs {
  Tensor x, w;
  bool masked;
  Tensor padding;
  Sizes n{};
  const int32_t* ids = nullptr;
  Inputs(Call& call, int ofX, int ofW, int ofIds)
      : x(call.input(ofX)),
        w(call.input(ofW)),
        masked(call.inputs() > ofIds),
        padding(call.input(masked ? ofIds : ofX)) {}

  bool refused(const Attributes& attributes, Call& call) {
    const std::vector<int64_t> in = x.shape(), filter = w.shape();
    if (call.refused(in.size() == 3 && filter.size() == 3 && x.size() > 0 && w.size() > 0,
                     "convolution: an input has another rank, or is empty"))
      return true;
    n = {in[0] * in[1], in[1], in[2], filter[1], filter[0], attributes.count, padded(in[2]), padded(filter[1])};
    if (call.refused(filter[2] == n.dim && n.dilation > 0, "convolution: the shapes do not fit")) return true;
    if (!masked) return false;
    ids = padding.data<int32_t>();
    return call.refused(padding.size() == n.rows, "convolution: ids have another shape than x");
  }

  bool any(int64_t from, int64_t to, bool real) const {
    return std::any_of(ids + from, ids + to, [=](int32_t id) { return (id != 0) == real; });
  }
  /// Whether a tile consists of padding only.
  bool nothing(int64_t from, int64_t to) const { return ids && !any(from, to, true); }

  /// Some rows with padding set to zero: the rows themselves if they contain no padding, otherwise a copy in `room`.
  const float* real(const float* x, int64_t width, int64_t from, int64_t to, float* room) const {
    if (!ids || !any(from, to, false)) return x + from * width;
    std::copy(x + from * width, x + to * width, room);
    blank(room, width, from, to);
    return room;
  }
  /// Sets the rows of padding to zero.
  void blank(float* rows, int64_t width, int64_t from, int64_t to) const {
    if (!ids) return;
    for (int64_t row = from; row < to; ++row, rows += width) {
      if (ids[row] == 0) std::fill(rows, rows + width, 0.0f);
    }
  }
};

void convolution(const Attributes& attributes, Call& call) {
  Inputs in(call, 0, 1, 3);
  const Tensor bias = call.input(2);
  if (in.refused(attributes, call)) return;
  const Sizes& n = in.n;
  if (call.refused(bias.size() == n.out, "convolution: the bias has another length")) return;
  const Tensor output = call.output(0, {n.rows / n.batch, n.batch, n.out});
  const float* x = in.x.data();
  float* y = output.data();
  const Tiles& run = tiles();

  thread_local std::vector<float> kept;
  Scratch whole(kept, n.taps * n.dim * n.high + n.high, 2);
  float *w = whole.take(n.taps * n.dim * n.high, 0), *b = whole.take(n.high, 0);
  for (int64_t tap = 0; tap < n.taps; ++tap) {
    packTransposed(in.w.data() + tap * n.out * n.dim, n.out, n.dim, w + tap * n.dim * n.high, n.high);
  }
  pack(bias.data(), 1, n.out, b, n.high);
  Factors factors;
  std::vector<Right> taps;
  for (int64_t tap = 0; tap < n.taps; ++tap) {
    taps.push_back(factors.right({w + tap * n.dim * n.high, n.high}, n.dim, n.high));
  }

  Pool::get().run(n.rows, TILE, [&](int64_t first, int64_t end) {
    if (in.nothing(first, end)) return std::fill(y + first * n.out, y + end * n.out, 0.0f);
    thread_local std::vector<float> memory;
    Scratch scratch(memory, TILE * (n.dim + n.high), 2);
    float *room = scratch.take(TILE * n.dim), *out = scratch.take(TILE * n.high);
    for (int64_t tap = n.taps - 1; tap >= 0; --tap) {
      const int64_t back = n.back(tap), from = std::max(first, back);
      if (from >= end) break;
      run.product({{in.real(x, n.dim, from - back, end - back, room), n.dim, 1}, taps[tap],
                   out + (from - first) * n.high, n.high, end - from, n.dim, n.high,
                   back == 0 ? Start::biasOfColumn : Start::sum, b});
    }
    in.blank(out, n.high, first, end);
    unpack(out, end - first, n.out, n.high, y + first * n.out);
  });
}

void convolutionGrad(const Attributes& attributes, Call& call) {
  Inputs in(call, 1, 2, 3);
  const Tensor dOut = call.input(0);
  if (in.refused(attributes, call)) return;
  const Sizes& n = in.n;
  if (call.refused(dOut.size() == n.rows * n.out, "convolutionGrad: dy has another shape")) return;
  const Tensor dIn = call.output(0, in.x.shape()), dW = call.output(1, in.w.shape()), dB = call.output(2, {n.out});
  const float *x = in.x.data(), *dy = dOut.data();
  float* dx = dIn.data();
  const Tiles& run = tiles();

  const int64_t filter = n.out * n.wide, size = padded(n.taps * filter + n.high);
  thread_local std::vector<float> kept;
  Scratch whole(kept, n.taps * filter + size * n.pieces(), 2);
  float *w = whole.take(n.taps * filter, 0), *sums = whole.take(size * n.pieces());
  pack(in.w.data(), n.taps * n.out, n.dim, w, n.wide);
  Factors factors;
  std::vector<Right> taps;
  for (int64_t tap = 0; tap < n.taps; ++tap) {
    taps.push_back(factors.right({w + tap * filter, n.wide}, n.out, n.wide));
  }

  Pool::get().run(n.tiles(), n.grain(), [&](int64_t begin, int64_t finish) {
    float *own = sums + begin / n.grain() * size, *ownBias = own + n.taps * filter;
    std::fill(own, own + size, 0.0f);
    thread_local std::vector<float> memory;
    Scratch scratch(memory, TILE * (2 * n.wide + n.dim + n.high + n.out + 1), 6);
    float *xs = scratch.take(TILE * n.wide, 0), *out = scratch.take(TILE * n.wide), *roomX = scratch.take(TILE * n.dim),
          *d = scratch.take(TILE * n.high, 0), *roomY = scratch.take(TILE * n.out);
    const float* ones = scratch.take(TILE, 1);
    for (int64_t first = begin * TILE; first < std::min(finish * TILE, n.rows); first += TILE) {
      const int64_t end = std::min(first + TILE, n.rows);
      if (in.nothing(first, end)) {
        std::fill(dx + first * n.dim, dx + end * n.dim, 0.0f);
        continue;
      }
      pack(in.real(dy, n.out, first, end, roomY), end - first, n.out, d, n.high);
      run.product({{ones, 0, 1}, {d, n.high}, ownBias, n.high, 1, end - first, n.high, Start::sum});
      for (int64_t tap = n.taps - 1; tap >= 0; --tap) {
        const int64_t back = n.back(tap), from = std::max(first, back);
        if (from < end) {
          pack(in.real(x, n.dim, from - back, end - back, roomX), end - from, n.dim, xs, n.wide);
          run.product({{d + (from - first) * n.high, 1, n.high}, {xs, n.wide}, own + tap * filter, n.wide, n.out, end - from,
                       n.wide, Start::sum});
        }
        // The gradient that reaches these rows through the tap, from the later rows that read them.
        const int64_t to = std::min(end, n.rows - back);
        if (to > first) {
          run.product({{in.real(dy, n.out, first + back, to + back, roomY), n.out, 1}, taps[tap], out, n.wide,
                       to - first, n.out, n.wide, back == 0 ? Start::zero : Start::sum});
        }
      }
      in.blank(out, n.wide, first, end);
      unpack(out, end - first, n.dim, n.wide, dx + first * n.dim);
    }
  });

  addPieces(sums, n.pieces(), size);
  unpack(sums, n.taps * n.out, n.dim, n.wide, dW.data());
  unpack(sums + n.taps * filter, 1, n.out, n.high, dB.data());
}

OPERATION(convolutionOperation, "AutomlpConvolution", LIST("x: float", "w: float", "b: float", "ids: N * int32"),
          LIST("y: float"), LIST("count: int", "N: int >= 0"), convolution);
OPERATION(convolutionGradOperation, "AutomlpConvolutionGrad",
          LIST("dy: float", "x: float", "w: float", "ids: N * int32"), LIST("dx: float", "d_w: float", "d_b: float"),
          LIST("count: int", "N: int >= 0"), convolutionGrad);

}  // namespace
}  // namespace automlp
