// For one tile of rows at a time, the items are processed in panels: the logits of a panel, their exponentials relative to a level
// that they will hardly reach (or to the highest logit so far), and from these the rows' gradients, all within the cache. Rows are
// side by side, so that neither items nor logits are ever transposed and a sum over items is a sum of vectors. The exponentials
// ("powers") are kept for the gradients of the items, which threads sum up by items, over some rows at a time.
#include "cross_entropy.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "exponential.h"
#include "factors.h"
#include "highest.h"
#include "op.h"
#include "parallel.h"
#include "tiles.h"

namespace automlp {
namespace {

/// Number of items in a panel, and maximum number of rows in a tile: both multiples of PAD.
constexpr int64_t PANEL = 64, TILE = 64;
/// Number of logits kept at a time, and the maximum number of their rows, as in linear_cross_entropy.ts.
/// Fewer rows make fewer and narrower tiles.
constexpr int64_t HELD = int64_t{1} << 24, MOST = 512;
/// The first guess of how far a row's highest logit is above its own item's. If none is higher, nothing has to be rescaled later; powers
/// are smaller by e^16 at most, which loses no precision.
constexpr float ABOVE = 16.0f;
/// A logit whose exponential is 0.
constexpr float NOTHING = -3.0e38f;

struct Sizes {
  int64_t rows, items, dim, wide;  // dim, padded
  int64_t panels() const { return (items + PANEL - 1) / PANEL; }
  int64_t itemsOf(int64_t panel) const { return std::min(PANEL, items - panel * PANEL); }
  /// Number of rows whose powers are kept at a time.
  int64_t held() const {
    const int64_t fit = HELD / items / PAD * PAD;
    return std::min(std::max<int64_t>(fit, PAD), std::min(MOST, padded(rows)));
  }
  /// Number of rows in a tile: each thread gets several tiles, also with many items.
  int64_t tile() const { return std::min(TILE, padded((held() + 7) / 8)); }
  /// The same if no powers are kept.
  int64_t tileAlone() const { return std::min(TILE, padded((rows + 7) / 8)); }
};

/// For each row, the highest of its logits and of the highest logit before.
WIDEST void raise(const float* logits, int64_t items, int64_t rows, const float* before, float* after) {
  for (int64_t row = 0; row < rows; row += LINE) {
    Line top;
    read(top, before + row);
    for (int64_t i = 0; i < items; ++i) raiseTo(top, logits + i * rows + row);
    write(after + row, top);
  }
}

/// Whether any number is less than its counterpart.
WIDEST bool anyLess(const float* __restrict low, const float* __restrict high, int64_t n) {
  bool less = false;
  for (int64_t i = 0; i < n; ++i) less |= low[i] < high[i];
  return less;
}

/// Sets factors = e^(low − high); tells whether any of them is less than 1.
WIDEST bool fall(const float* __restrict low, const float* __restrict high, float* __restrict factors, int64_t n) {
  if (!anyLess(low, high, n)) {
    std::fill(factors, factors + n, 1.0f);
    return false;
  }
  for (int64_t i = 0; i < n; ++i) factors[i] = expNegative(low[i] - high[i]);
  return true;
}

/// Multiplies each of some lines by the same factors.
WIDEST void scaleLines(float* __restrict x, int64_t lines, int64_t n, const float* __restrict factors) {
  for (int64_t line = 0; line < lines; ++line, x += n) {
    for (int64_t i = 0; i < n; ++i) x[i] *= factors[i];
  }
}

/// Logits → powers; their sums are added to the rescaled `totals`.
WIDEST void power(float* __restrict logits, int64_t items, int64_t rows, const float* __restrict tops,
                  const float* __restrict factors, float* __restrict totals) {
  for (int64_t i = 0; i < rows; ++i) totals[i] *= factors[i];
  for (int64_t item = 0; item < items; ++item, logits += rows) {
    for (int64_t i = 0; i < rows; ++i) {
      logits[i] = expNegative(logits[i] - tops[i]);
      totals[i] += logits[i];
    }
  }
}

/// For each item, the weighted sum of the rows' powers.
WIDEST void weigh(const float* __restrict powers, int64_t items, int64_t rows, int64_t step,
                  const float* __restrict weights, float* __restrict sums) {
  for (int64_t item = 0; item < items; ++item, powers += step) {
    float sum = 0;
    for (int64_t i = 0; i < rows; ++i) sum += powers[i] * weights[i];
    sums[item] += sum;
  }
}

WIDEST float dot(const float* __restrict x, const float* __restrict y, int64_t n) {
  float sum = 0;
  for (int64_t i = 0; i < n; ++i) sum += x[i] * y[i];
  return sum;
}

/// y = factor · x, or y += factor · x.
WIDEST void scaled(const float* __restrict x, float factor, float* __restrict y, int64_t n) {
  for (int64_t i = 0; i < n; ++i) y[i] = factor * x[i];
}
WIDEST void addScaled(const float* __restrict x, float factor, float* __restrict y, int64_t n) {
  for (int64_t i = 0; i < n; ++i) y[i] += factor * x[i];
}

/// Excludes from each row the item that is the row's own.
WIDEST void hide(float* __restrict logits, int64_t items, int64_t rows, int64_t step, const int32_t* __restrict ids,
                 const int32_t* __restrict right) {
  for (int64_t item = 0; item < items; ++item, logits += step) {
    const int32_t id = ids[item];
    for (int64_t i = 0; i < rows; ++i) logits[i] = right[i] == id ? NOTHING : logits[i];
  }
}

/// The work on one tile of rows.
struct Tile {
  const CrossEntropy& o;
  const Sizes& n;
  int64_t first, rows, step;  // step: rows, padded
  float* powers;              // [panels, PANEL, step], kept; without gradients [PANEL, step]
  float *lines, *out;         // [wide, step]: h, and the sums of items weighted by powers; out is null without gradients
  float *tops, *totals, *factors;  // [step]
  float* seen;    // [panels, step]: the highest logit that a panel's powers are relative to
  float* turned;  // [step, wide]
  std::vector<std::pair<int32_t, int64_t>> order;  // the rows' own items, in ascending order, with their rows
  std::vector<int32_t> shifts, shiftsEnd;          // positions of shifted logits, panel by panel; [panels]: where each panel's end

  /// The tile's rows side by side.
  void turn(const float* from, float* to) const {
    from += first * n.dim;
    if (rows == step && n.dim == n.wide) return tiles().transpose(from, rows, n.dim, to, step);
    std::fill(to, to + n.wide * step, 0.0f);
    packTransposed(from, rows, n.dim, to, step);
  }

  void begin() {
    turn(o.h, lines);
    if (o.dh && o.own) {
      turn(o.own, out);
    } else if (o.dh) {
      std::fill(out, out + n.wide * step, 0.0f);
    }
    std::fill(tops, tops + step, std::numeric_limits<float>::max());  // for rows that do not count
    std::fill(totals, totals + step, 0.0f);
    order.clear();
    for (int64_t row = 0; row < rows; ++row) {
      const int64_t at = first + row;
      if (o.own) {
        // If own items are separate, the own item is the first term of the sum.
        tops[row] = dot(o.h + at * n.dim, o.own + at * n.dim, n.dim) + o.ownBias[at];
        totals[row] = 1;
        o.loss[at] = -tops[row];
      } else if (o.right[at] < 0) {
        o.loss[at] = 0;
      } else {
        const int32_t own = o.right[at];
        tops[row] = dot(o.h + at * n.dim, o.table + own * n.dim, n.dim) + (o.bias ? o.bias[own] : 0.0f) + ABOVE;
        order.emplace_back(own, row);
      }
    }
    std::sort(order.begin(), order.end());
    if (o.shifted) findShifts();
  }

  /// Calls back with each item of each row whose logit is shifted.
  template <typename Found>
  void eachShift(Found found) const {
    for (int64_t row = 0; row < rows; ++row) {
      const int64_t at = first + row;
      for (int64_t i = at > 0 ? o.shiftedEnds[at - 1] : 0; i < o.shiftedEnds[at]; ++i) found(o.shifted[i], row);
    }
  }

  void findShifts() {
    std::vector<int32_t> next(n.panels() + 1, 0);
    eachShift([&](int32_t item, int64_t) { ++next[item / PANEL + 1]; });
    for (int64_t p = 0; p < n.panels(); ++p) next[p + 1] += next[p];
    shifts.resize(next.back());
    eachShift([&](int32_t item, int64_t row) {
      shifts[next[item / PANEL]++] = static_cast<int32_t>(item % PANEL * step + row);
    });
    next.pop_back();  // each panel's next place is now its end
    shiftsEnd.swap(next);
  }

  void run() {
    const Tiles& run = tiles();
    begin();
    Factors packed;
    const Right ofRows = packed.right({lines, step}, n.dim, step);
    auto next = order.begin();
    size_t shift = 0;
    for (int64_t p = 0; p < n.panels(); ++p) {
      const int64_t count = n.itemsOf(p), item = p * PANEL;
      const float* items = o.table + item * n.dim;
      float* logits = o.dh ? powers + item * step : powers;
      run.product({{items, n.dim, 1}, ofRows, logits, step, count, n.dim, step,
                   o.bias ? Start::biasOfRow : Start::zero, o.bias ? o.bias + item : nullptr});
      if (o.tableIds) hide(logits, count, rows, step, o.tableIds + item, o.right + first);
      for (; o.shifted && shift < static_cast<size_t>(shiftsEnd[p]); ++shift) logits[shifts[shift]] += o.shift;
      for (; next != order.end() && next->first < item + count; ++next) {
        o.loss[first + next->second] = -logits[(next->first - item) * step + next->second];
      }
      float* after = seen + p * step;
      raise(logits, count, step, tops, after);
      if (fall(tops, after, factors, step) && o.dh) scaleLines(out, n.dim, step, factors);
      power(logits, count, step, after, factors, totals);
      std::copy(after, after + step, tops);
      if (o.dh) run.product({{items, 1, n.dim}, {logits, step}, out, step, n.dim, count, step, Start::sum});
    }
    if (!o.dh) return;
    // Powers of the first panels are relative to an earlier, lower logit.
    for (int64_t p = 0; p < n.panels(); ++p) {
      if (fall(seen + p * step, tops, factors, step)) {
        scaleLines(powers + p * PANEL * step, n.itemsOf(p), step, factors);
      }
    }
  }

  bool counts(int64_t row) const { return o.own || o.right[first + row] >= 0; }

  /// Turns the negative of each row's own logit into its loss; called last.
  void losses() {
    for (int64_t row = 0; row < rows; ++row) {
      if (counts(row)) o.loss[first + row] += std::log(totals[row]) + tops[row];
    }
  }

  /// The rows' gradients. `weighted` [rows, wide] is h as the items' gradients need it, and `weights` its factors.
  void gradients(float* weighted, float* weights) {
    tiles().transpose(out, n.wide, step, turned, n.wide);
    for (int64_t row = 0; row < rows; ++row, weighted += n.wide) {
      const int64_t at = first + row;
      const float *h = o.h + at * n.dim, factor = o.scale / totals[row];
      float* dh = o.dh + at * n.dim;
      if (!counts(row)) {
        std::fill(dh, dh + n.dim, 0.0f);
        std::fill(weighted, weighted + n.dim, 0.0f);
        weights[row] = 0;
        continue;
      }
      scaled(turned + row * n.wide, factor, dh, n.dim);
      addScaled(o.own ? o.own + at * n.dim : o.table + o.right[at] * n.dim, -o.scale, dh, n.dim);
      if (o.own) {
        const float slope = o.dOwnBias[at] = factor * std::exp(-o.loss[at] - tops[row]) - o.scale;
        scaled(h, slope, o.dOwn + at * n.dim, n.dim);
      }
      scaled(h, factor, weighted, n.dim);
      weights[row] = factor;
    }
  }
};

/// Computes losses only: powers are discarded panel by panel.
void lossesAlone(const CrossEntropy& o, const Sizes& n) {
  Pool::get().run(n.rows, n.tileAlone(), [&](int64_t first, int64_t end) {
    const int64_t step = padded(end - first);
    thread_local std::vector<float> memory;
    Scratch scratch(memory, (n.wide + PANEL + 3 + n.panels()) * step, 6);
    float *lines = scratch.take(n.wide * step), *powers = scratch.take(PANEL * step), *tops = scratch.take(step),
          *totals = scratch.take(step), *factors = scratch.take(step), *seen = scratch.take(n.panels() * step);
    Tile one{o,       n,    first,  end - first, step,    powers, lines,
             nullptr, tops, totals, factors,     seen,    nullptr, {}, {}, {}};
    one.run();
    one.losses();
  });
}

}  // namespace

void crossEntropy(const CrossEntropy& o) {
  const Sizes n{o.rows, o.items, o.dim, padded(o.dim)};
  if (!o.dh) return lossesAlone(o, n);
  const int64_t held = n.held(), tile = n.tile(), most = (held + tile - 1) / tile, ofTile = n.panels() * PANEL * tile;
  const Tiles& run = tiles();
  // If rows are not padded, sums are computed in place.
  const bool plain = n.wide == n.dim;
  const int64_t ofSums = plain ? 0 : n.panels() * PANEL * n.wide;
  thread_local std::vector<float> kept;
  Scratch whole(kept, most * ofTile + held * (n.wide + 1) + ofSums, 4);
  float *powers = whole.take(most * ofTile), *weighted = whole.take(held * n.wide, 0), *weights = whole.take(held);
  float* sums = plain ? o.dTable : whole.take(ofSums);
  std::fill(sums, sums + n.items * n.wide, 0.0f);
  std::fill(o.dBias, o.dBias + n.items, 0.0f);

  for (int64_t begin = 0; begin < n.rows; begin += held) {
    const int64_t count = std::min(held, n.rows - begin);
    Pool::get().run(count, tile, [&](int64_t first, int64_t end) {
      const int64_t step = padded(end - first);
      thread_local std::vector<float> memory;
      Scratch scratch(memory, (3 * n.wide + 3 + n.panels()) * step, 7);
      float *lines = scratch.take(n.wide * step), *out = scratch.take(n.wide * step), *tops = scratch.take(step),
            *totals = scratch.take(step), *factors = scratch.take(step), *seen = scratch.take(n.panels() * step),
            *turned = scratch.take(n.wide * step);
      Tile one{o,   n,    begin + first, end - first, step, powers + first / tile * ofTile, lines,
               out, tops, totals,        factors,     seen, turned,                         {}, {}, {}};
      one.run();
      one.gradients(weighted + first * n.wide, weights + first);
      one.losses();
    });
    Factors factors;
    std::vector<Right> ofTiles;
    for (int64_t first = 0; first < count; first += tile) {
      ofTiles.push_back(factors.right({weighted + first * n.wide, n.wide}, std::min(tile, count - first), n.wide));
    }
    // For each item, the rows' contributions are added in order, whatever the number of threads.
    Pool::get().run(n.panels(), 1, [&](int64_t p, int64_t) {
      const int64_t items = n.itemsOf(p);
      for (int64_t first = 0; first < count; first += tile) {
        const int64_t rows = std::min(tile, count - first), step = padded(rows);
        const float* own = powers + first / tile * ofTile + p * PANEL * step;
        run.product({{own, step, 1}, ofTiles[first / tile], sums + p * PANEL * n.wide, n.wide, items, rows, n.wide,
                     Start::sum});
        weigh(own, items, rows, step, weights + first, o.dBias + p * PANEL);
      }
    });
  }

  if (!plain) unpack(sums, n.items, n.dim, n.wide, o.dTable);
  if (o.own) return;
  for (int64_t row = 0; row < n.rows; ++row) {
    if (o.right[row] < 0) continue;
    addScaled(o.h + row * n.dim, -o.scale, o.dTable + o.right[row] * n.dim, n.dim);
    o.dBias[o.right[row]] -= o.scale;
  }
}

}  // namespace automlp
