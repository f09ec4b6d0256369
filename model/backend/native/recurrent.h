// A recurrent layer over a whole sequence, and its gradient, for any cell whose gates are sums of two products. The
// sequences are divided into pieces that go through time independently, so that state and gates stay in a core's cache. The
// gates are kept for the gradient, because computing them again would cost as much as the forward pass.
#pragma once
#include <algorithm>
#include <vector>

#include "exponential.h"
#include "factors.h"
#include "op.h"
#include "parallel.h"
#include "tiles.h"

namespace automlp {

INLINE float sigmoidOf(float x) {
  const float e = expNegative(-__builtin_fabsf(x)), share = 1.0f / (1.0f + e);
  return x < 0.0f ? e * share : share;
}
INLINE float tanhOf(float x) {
  const float e = expNegative(-2.0f * __builtin_fabsf(x)), level = (1.0f - e) / (1.0f + e);
  return x < 0.0f ? -level : level;
}

/// One step of some sequences. Rows of gates are `width` apart; before the first step there is one row of zeros, with a distance of 0.
struct CellStep {
  float* gates;
  const float* gatesBefore;
  int64_t width, widthBefore;
  const float* before;  // [rows, hidden]: the state before the step
  int64_t beforeStep;
  const int32_t* ids;  // [rows]: 0 leaves the state as it is; or null
  int64_t rows, hidden, high;
  bool skips(int64_t row) const { return ids && ids[row] == 0; }
};

/// The gradient of a step: d from dh. dh becomes the gradient of the state before, without the part that comes through the gates.
struct CellStepGrad : CellStep {
  float* d;  // rows `line` apart
  int64_t line;
  float *dh, *carry;  // [rows, high]; carry is the cell's own
};

struct RecurrentSizes {
  int64_t length, batch, dim, hidden;
  int64_t wide, high;  // dim and hidden, padded
  /// Number of sequences in a piece: at most 16 pieces, whatever the number of threads, in whole blocks of four rows.
  int64_t grain() const { return ((batch + 15) / 16 + 3) / 4 * 4; }
  int64_t pieces() const { return (batch + grain() - 1) / grain(); }
  int64_t row(int64_t position, int64_t sequence) const { return position * batch + sequence; }
};

/// A piece: sequences that go through time together.
constexpr int64_t SIDE_BY_SIDE = 32;
/// Number of rows over which one product sums up the gradients of the weights.
constexpr int64_t SUMMED = 128;

/// The inputs of a cell with its weights in the order of its gates: those that sum up both products (INPUTS of x, HIDDENS
/// of the state) lie side by side; the first LAG gates are of x alone, the last LAG of the state alone.
///
/// A Cell says: GATES, its gates as the weights have them; LAG; KEPT, arrays of `high` a position that are kept, GATES +
/// LAG of them the gates; input(slot) and state(slot), which gate of the weights is at a place; `step` and `stepGrad`.
template <typename Cell>
struct Recurrent {
  static constexpr int64_t GATES = Cell::GATES, LAG = Cell::LAG, KEPT = Cell::KEPT, SUMS = GATES - LAG;
  static constexpr int64_t COLUMNS = GATES + LAG;
  RecurrentSizes n{};
  const int32_t* ids = nullptr;

  bool refused(Call& call, const Tensor& x, const Tensor& wx, const Tensor& wh, const Tensor* padding) {
    const std::vector<int64_t> in = x.shape(), one = wx.shape(), two = wh.shape();
    if (call.refused(in.size() == 3 && one.size() == 2 && two.size() == 2 && x.size() > 0,
                     "recurrent layer: an input has another rank, or is empty"))
      return true;
    n = {in[0], in[1], in[2], two[1], padded(in[2]), padded(two[1])};
    if (call.refused(one[0] == GATES * n.hidden && one[1] == n.dim && two[0] == GATES * n.hidden,
                     "recurrent layer: the shapes do not fit"))
      return true;
    if (!padding) return false;
    ids = padding->data<int32_t>();
    return call.refused(padding->size() == n.length * n.batch, "recurrent layer: ids have another shape than x");
  }

  bool nothing(int64_t position, int64_t first, int64_t count) const {
    if (!ids) return false;
    const int32_t* id = ids + n.row(position, first);
    return std::all_of(id, id + count, [](int32_t one) { return one == 0; });
  }

  CellStep at(int64_t t, int64_t first, int64_t count, float* kept, const float* y, const float* zeros) const {
    const int64_t row = n.row(t, first), width = KEPT * n.high, last = row - n.batch;
    return {kept + row * width,
            t > 0 ? kept + last * width : zeros,
            width,
            t > 0 ? width : 0,
            t > 0 ? y + last * n.hidden : zeros,
            t > 0 ? n.hidden : 0,
            ids ? ids + row : nullptr,
            count,
            n.hidden,
            n.high};
  }
};

template <typename Cell>
void recurrent(const Attributes&, Call& call) {
  using R = Recurrent<Cell>;
  const Tensor x = call.input(0), weightsX = call.input(1), weightsH = call.input(2), biasX = call.input(3),
               biasH = call.input(4);
  const bool masked = call.inputs() > 5;
  const Tensor padding = call.input(masked ? 5 : 0);
  R layer;
  if (layer.refused(call, x, weightsX, weightsH, masked ? &padding : nullptr)) return;
  const RecurrentSizes& n = layer.n;
  if (call.refused(biasX.size() == R::GATES * n.hidden && biasH.size() == R::GATES * n.hidden,
                   "recurrent layer: a bias has another length"))
    return;
  const Tensor output = call.output(0, {n.length, n.batch, n.hidden}),
               keep = call.output(1, {n.length, n.batch, R::KEPT * n.high});
  const float* from = x.data();
  float *y = output.data(), *kept = keep.data();
  const Tiles& run = tiles();

  const int64_t gates = R::GATES * n.high, width = R::KEPT * n.high;
  thread_local std::vector<float> memory;
  Scratch whole(memory, (n.dim + n.hidden) * gates + (R::COLUMNS + R::KEPT) * n.high, 4);
  float *wx = whole.take(n.dim * gates, 0), *wh = whole.take(n.hidden * gates, 0),
        *bias = whole.take(R::COLUMNS * n.high, 0);
  const float* zeros = whole.take(width, 0);
  for (int64_t slot = 0; slot < R::GATES; ++slot) {
    const int64_t ofX = Cell::input(slot) * n.hidden, ofH = Cell::state(slot) * n.hidden;
    packTransposed(weightsX.data() + ofX * n.dim, n.hidden, n.dim, wx + slot * n.high, gates);
    packTransposed(weightsH.data() + ofH * n.hidden, n.hidden, n.hidden, wh + slot * n.high, gates);
    run.add(biasX.data() + ofX, bias + slot * n.high, n.hidden);
    run.add(biasH.data() + ofH, bias + (slot + R::LAG) * n.high, n.hidden);
  }
  const int64_t summed = R::SUMS * n.high, both = R::LAG * n.high, alone = gates;
  Factors factors;
  const Right ofInput = factors.right({wx, gates}, n.dim, gates),
              ofBoth = factors.right({wh, gates}, n.hidden, summed),
              ofState = factors.right({wh + summed, gates}, n.hidden, both);

  Pool::get().run(n.batch, n.grain(), [&](int64_t begin, int64_t end) {
    for (int64_t first = begin; first < end; first += SIDE_BY_SIDE) {
      const int64_t count = std::min(SIDE_BY_SIDE, end - first);
      for (int64_t t = 0; t < n.length; ++t) {
        const CellStep step = layer.at(t, first, count, kept, y, zeros);
        if (!layer.nothing(t, first, count)) {
          const int64_t state = t > 0 ? n.hidden : 0;
          run.product({{from + n.row(t, first) * n.dim, n.dim, 1}, ofInput, step.gates, width, count, n.dim, gates,
                       Start::biasOfColumn, bias});
          run.product({{step.before, step.beforeStep, 1}, ofBoth, step.gates + both, width, count, state, summed,
                       Start::sum});
          run.product({{step.before, step.beforeStep, 1}, ofState, step.gates + alone, width, count, state, both,
                       Start::biasOfColumn, bias + alone});
        }
        Cell::step(step, y + n.row(t, first) * n.hidden);
      }
    }
  });
}

template <typename Cell>
void recurrentGrad(const Attributes&, Call& call) {
  using R = Recurrent<Cell>;
  const Tensor dOut = call.input(0), x = call.input(1), output = call.input(2), keep = call.input(3),
               weightsX = call.input(4), weightsH = call.input(5);
  const bool masked = call.inputs() > 6;
  const Tensor padding = call.input(masked ? 6 : 0);
  R layer;
  if (layer.refused(call, x, weightsX, weightsH, masked ? &padding : nullptr)) return;
  const RecurrentSizes& n = layer.n;
  const int64_t states = n.length * n.batch * n.hidden, width = R::KEPT * n.high;
  if (call.refused(dOut.size() == states && output.size() == states && keep.size() == n.length * n.batch * width,
                   "recurrent layer's gradient: dy, y or what was kept is of another layer"))
    return;
  const int64_t ofGates = R::GATES * n.hidden;
  const Tensor dIn = call.output(0, x.shape()), dWeightsX = call.output(1, {ofGates, n.dim}),
               dWeightsH = call.output(2, {ofGates, n.hidden}), dBiasX = call.output(3, {ofGates}),
               dBiasH = call.output(4, {ofGates});
  const float *from = x.data(), *y = output.data(), *dy = dOut.data();
  float *dx = dIn.data(), *kept = keep.data();
  const Tiles& run = tiles();

  const int64_t gates = R::GATES * n.high, lag = R::LAG * n.high, columns = R::COLUMNS * n.high;
  const int64_t line = columns + PAD;  // not a power of two: rows would share few places in the cache
  const int64_t size = padded(gates * (n.wide + n.high) + columns);
  thread_local std::vector<float> memory;
  Scratch whole(memory, gates * (n.wide + n.high) + width + n.pieces() * size, 4);
  float *wx = whole.take(gates * n.wide, 0), *wh = whole.take(gates * n.high, 0);
  const float* zeros = whole.take(width, 0);
  float* sums = whole.take(n.pieces() * size);
  for (int64_t slot = 0; slot < R::GATES; ++slot) {
    const int64_t ofX = Cell::input(slot) * n.hidden, ofH = Cell::state(slot) * n.hidden;
    pack(weightsX.data() + ofX * n.dim, n.hidden, n.dim, wx + slot * n.high * n.wide, n.wide);
    pack(weightsH.data() + ofH * n.hidden, n.hidden, n.hidden, wh + slot * n.high * n.high, n.high);
  }
  Factors factors;
  const Right ofInput = factors.right({wx, n.wide}, gates, n.wide), ofState = factors.right({wh, n.high}, gates, n.high);

  Pool::get().run(n.batch, n.grain(), [&](int64_t begin, int64_t end) {
    float *sumX = sums + begin / n.grain() * size, *sumH = sumX + gates * n.wide, *sumBias = sumH + gates * n.high;
    const int64_t most = std::min(SIDE_BY_SIDE, end - begin), steps = std::max<int64_t>(1, SUMMED / most);
    thread_local std::vector<float> own;
    Scratch scratch(own, steps * most * (line + n.wide + n.high + 1) + most * (n.wide + 2 * n.high), 7);
    float *d = scratch.take(steps * most * line, 0), *xs = scratch.take(steps * most * n.wide, 0),
          *hs = scratch.take(steps * most * n.high, 0);
    float *dh = scratch.take(most * n.high), *carry = scratch.take(most * n.high), *out = scratch.take(most * n.wide);
    const float* ones = scratch.take(steps * most, 1);
    bool begun = false;
    for (int64_t first = begin; first < end; first += SIDE_BY_SIDE) {
      const int64_t count = std::min(SIDE_BY_SIDE, end - first);
      std::fill(dh, dh + count * n.high, 0.0f);
      std::fill(carry, carry + count * n.high, 0.0f);
      int64_t filled = 0;
      const auto sumUp = [&] {
        const Start how = begun ? Start::sum : Start::zero;
        run.product({{d, 1, line}, {xs, n.wide}, sumX, n.wide, gates, filled, n.wide, how});
        run.product({{d + lag, 1, line}, {hs, n.high}, sumH, n.high, gates, filled, n.high, how});
        run.product({{ones, 0, 1}, {d, line}, sumBias, columns, 1, filled, columns, how});
        filled = 0, begun = true;
      };
      for (int64_t t = n.length - 1; t >= 0; --t) {
        const int64_t row = n.row(t, first);
        for (int64_t i = 0; i < count; ++i) run.add(dy + (row + i) * n.hidden, dh + i * n.high, n.hidden);
        if (layer.nothing(t, first, count)) {
          std::fill(dx + row * n.dim, dx + (row + count) * n.dim, 0.0f);
          continue;
        }
        const CellStep step = layer.at(t, first, count, kept, y, zeros);
        float* here = d + filled * line;
        Cell::stepGrad({step, here, line, dh, carry});
        if (t > 0) {
          run.product({{here + lag, line, 1}, ofState, dh, n.high, count, gates, n.high, Start::sum});
        }
        run.product({{here, line, 1}, ofInput, out, n.wide, count, gates, n.wide});
        unpack(out, count, n.dim, n.wide, dx + row * n.dim);
        pack(from + row * n.dim, count, n.dim, xs + filled * n.wide, n.wide);
        for (int64_t i = 0; i < count; ++i) {
          const float* state = step.before + i * step.beforeStep;
          std::copy(state, state + n.hidden, hs + (filled + i) * n.high);
        }
        filled += count;
        if (filled + count > steps * most) sumUp();
      }
      sumUp();
    }
  });

  addPieces(sums, n.pieces(), size);
  const float *sumX = sums, *sumH = sumX + gates * n.wide, *sumBias = sumH + gates * n.high;
  for (int64_t slot = 0; slot < R::GATES; ++slot) {
    const int64_t ofX = Cell::input(slot) * n.hidden, ofH = Cell::state(slot) * n.hidden;
    unpack(sumX + slot * n.high * n.wide, n.hidden, n.dim, n.wide, dWeightsX.data() + ofX * n.dim);
    unpack(sumH + slot * n.high * n.high, n.hidden, n.hidden, n.high, dWeightsH.data() + ofH * n.hidden);
    unpack(sumBias + slot * n.high, 1, n.hidden, n.high, dBiasX.data() + ofX);
    unpack(sumBias + slot * n.high + lag, 1, n.hidden, n.high, dBiasH.data() + ofH);
  }
}

}  // namespace automlp
