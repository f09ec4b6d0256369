// Cross-entropy of softmax(items h + bias) with one right item a row, and all its gradients. Logits are held for some rows at
// a time: their products, softmax and the rows' gradients by threads of rows, then the items' gradients by threads of items.
#include <algorithm>
#include <cmath>
#include <limits>

#include "exponential.h"
#include "highest.h"
#include "op.h"
#include "parallel.h"
#include "tiles.h"

namespace automlp {
namespace {

/// Items that are handled together: their logits for the rows of a tile lie side by side.
constexpr int64_t PANEL = 64;
/// Rows of a tile.
constexpr int64_t TILE = 32;
/// Logits held at a time, and the most rows that they are of, as in linear_cross_entropy.ts.
constexpr int64_t HELD = int64_t{1} << 22, MOST = 512;

struct Sizes {
  int64_t rows, items, dim, wide;  // dim, padded
  int64_t panels() const { return (items + PANEL - 1) / PANEL; }
  /// Rows whose logits are held at a time.
  int64_t held() const {
    const int64_t fit = HELD / items / 16 * 16;
    return std::min(std::max<int64_t>(fit, 16), std::min(MOST, (rows + 15) / 16 * 16));
  }
};

/// The highest logits of each row so far, a line of them, after one more panel.
WIDEST void raise(const float* logits, int64_t rows, float* tops) {
  for (int64_t row = 0; row < rows; ++row, logits += PANEL, tops += LINE) {
    Line& top = *reinterpret_cast<Line*>(tops);
    for (int64_t i = 0; i < PANEL; i += LINE) raiseTo(top, logits + i);
  }
}

/// Logits → powers of one panel; their sums are added to `sums`.
WIDEST void power(float* __restrict logits, int64_t rows, const float* __restrict tops, float* __restrict sums) {
  for (int64_t row = 0; row < rows; ++row, logits += PANEL) {
    const float top = tops[row];
    float sum = 0;
    for (int64_t i = 0; i < PANEL; ++i) {
      logits[i] = expNegative(logits[i] - top);
      sum += logits[i];
    }
    sums[row] += sum;
  }
}

/// y = factor · x + shift · z, and scaled = factor · w.
WIDEST void combine(float* y, const float* x, const float* z, float factor, float shift, const float* w, float* scaled,
                    int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    y[i] = factor * x[i] + shift * z[i];
    scaled[i] = factor * w[i];
  }
}

WIDEST void addScaled(const float* x, float factor, float* y, int64_t n) {
  for (int64_t i = 0; i < n; ++i) y[i] += factor * x[i];
}

void linearCrossEntropy(const Attributes& attributes, Call& call) {
  const Tensor states = call.input(0), table = call.input(1), targets = call.input(2);
  const bool biased = call.inputs() > 3;
  const Tensor shift = call.input(biased ? 3 : 0);
  const std::vector<int64_t> one = states.shape(), two = table.shape();
  if (call.refused(one.size() == 2 && two.size() == 2 && one[1] == two[1] && table.size() > 0 &&
                       targets.size() == one[0] && (!biased || shift.size() == two[0]),
                   "linearCrossEntropy: the shapes do not fit"))
    return;
  const Sizes n{one[0], two[0], one[1], padded(one[1])};
  const int32_t* right = targets.data<int32_t>();
  for (int64_t row = 0; row < n.rows; ++row) {
    if (call.refused(right[row] >= -1 && right[row] < n.items, "linearCrossEntropy: a target is no item")) return;
  }
  const Tensor loss = call.output(0, {n.rows}), dStates = call.output(1, one), dTable = call.output(2, two),
               dShift = call.output(3, {n.items});
  const float *h = states.data(), *items = table.data(), scale = attributes.number;
  float *losses = loss.data(), *dh = dStates.data(), *dItems = dTable.data(), *dBias = dShift.data();
  const Tiles& run = tiles();

  // A panel of items has its vectors as columns, and as rows; its gradients, those of the bias last, as columns.
  const int64_t held = n.held(), panel = n.dim * PANEL, line = n.wide + PAD;
  thread_local std::vector<float> kept;
  Scratch whole(kept, n.panels() * (panel + 2 * PANEL * n.wide + 2 * PANEL + PANEL + held * PANEL) + held * line, 6);
  float *columns = whole.take(n.panels() * panel), *rows = whole.take(n.panels() * PANEL * n.wide),
        *bias = whole.take(n.panels() * PANEL, -std::numeric_limits<float>::infinity());
  float *sums = whole.take(n.panels() * (n.dim + 1) * PANEL, 0), *logits = whole.take(n.panels() * held * PANEL),
        *scaled = whole.take(held * line, 0);
  for (int64_t i = 0; i < n.items; ++i) bias[i] = biased ? shift.data()[i] : 0.0f;
  Pool::get().run(n.panels(), 4, [&](int64_t begin, int64_t end) {
    std::fill(columns + begin * panel, columns + end * panel, 0.0f);
    std::fill(rows + begin * PANEL * n.wide, rows + end * PANEL * n.wide, 0.0f);
    for (int64_t p = begin; p < end; ++p) {
      const int64_t count = std::min(PANEL, n.items - p * PANEL);
      packTransposed(items + p * panel, count, n.dim, columns + p * panel, PANEL);
      pack(items + p * panel, count, n.dim, rows + p * PANEL * n.wide, n.wide);
    }
  });

  for (int64_t begin = 0; begin < n.rows; begin += held) {
    const int64_t count = std::min(held, n.rows - begin);
    Pool::get().run(count, TILE, [&](int64_t first, int64_t end) {
      const int64_t height = end - first;
      thread_local std::vector<float> memory;
      Scratch scratch(memory, TILE * (n.wide + LINE + 2), 4);
      float *out = scratch.take(TILE * n.wide, 0), *totals = scratch.take(TILE, 0), *tops = scratch.take(TILE),
            *lines = scratch.take(TILE * LINE, -std::numeric_limits<float>::infinity());
      const float* from = h + (begin + first) * n.dim;
      for (int64_t p = 0; p < n.panels(); ++p) {
        float* tile = logits + (p * held + first) * PANEL;
        run.product({from, n.dim, 1, columns + p * panel, PANEL, tile, PANEL, height, n.dim, PANEL, Start::biasOfColumn,
                     bias + p * PANEL});
        raise(tile, height, lines);
      }
      for (int64_t row = 0; row < height; ++row) {
        tops[row] = highestIn(lines + row * LINE);
        const int32_t target = right[begin + first + row];
        losses[begin + first + row] =
            target < 0 ? 0.0f : -logits[(target / PANEL * held + first + row) * PANEL + target % PANEL];
      }
      for (int64_t p = 0; p < n.panels(); ++p) {
        float* tile = logits + (p * held + first) * PANEL;
        power(tile, height, tops, totals);
        run.product({tile, PANEL, 1, rows + p * PANEL * n.wide, n.wide, out, n.wide, height, PANEL, n.wide, Start::sum});
      }
      for (int64_t row = 0; row < height; ++row) {
        const int64_t at = begin + first + row;
        float* weighted = scaled + (first + row) * line;
        if (right[at] < 0) {
          std::fill(dh + at * n.dim, dh + (at + 1) * n.dim, 0.0f);
          std::fill(weighted, weighted + n.dim + 1, 0.0f);
          continue;
        }
        losses[at] += std::log(totals[row]) + tops[row];
        const float factor = scale / totals[row];
        combine(dh + at * n.dim, out + row * n.wide, items + right[at] * n.dim, factor, -scale, h + at * n.dim, weighted,
                n.dim);
        weighted[n.dim] = factor;
      }
    });
    // Of each item: what all rows add, in order, whatever the number of threads.
    Pool::get().run(n.panels(), 1, [&](int64_t p, int64_t) {
      for (int64_t first = 0; first < count; first += PANEL) {
        run.product({scaled + first * line, 1, line, logits + (p * held + first) * PANEL, PANEL,
                     sums + p * (n.dim + 1) * PANEL, PANEL, n.dim + 1, std::min(PANEL, count - first), PANEL, Start::sum});
      }
    });
  }

  Pool::get().run(n.panels(), 4, [&](int64_t begin, int64_t end) {
    for (int64_t p = begin; p < end; ++p) {
      const int64_t count = std::min(PANEL, n.items - p * PANEL);
      const float* sum = sums + p * (n.dim + 1) * PANEL;
      unpackTransposed(sum, n.dim, count, PANEL, dItems + p * panel);
      std::copy(sum + n.dim * PANEL, sum + n.dim * PANEL + count, dBias + p * PANEL);
    }
  });
  for (int64_t row = 0; row < n.rows; ++row) {
    if (right[row] < 0) continue;
    addScaled(h + row * n.dim, -scale, dItems + right[row] * n.dim, n.dim);
    dBias[right[row]] -= scale;
  }
}

OPERATION(linearCrossEntropyOperation, "AutomlpLinearCrossEntropy",
          LIST("h: float", "items: float", "targets: int32", "bias: N * float"),
          LIST("loss: float", "d_h: float", "d_items: float", "d_bias: float"), LIST("number: float", "N: int >= 0"),
          linearCrossEntropy);

}  // namespace
}  // namespace automlp
