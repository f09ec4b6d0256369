// The softmax of attention, on rows of scores whose length is a multiple of PAD.
#pragma once
#include "draw.h"
#include "exponential.h"
#include "highest.h"
#include "op.h"

namespace automlp {

/// Rows of scores, one per query.
struct ScoreRows {
  int64_t rows, step, columns;  // step from row to row; columns is a multiple of LINE
  int64_t keys;                 // number of keys that the first query sees
  int64_t more;                 // how many more each further query sees: 1 or 0
  float scale;
};

/// A score so low that its weight is 0.
constexpr float UNSEEN = -3.0e38f;

typedef int32_t Numbers __attribute__((vector_size(64)));
constexpr Numbers LANE{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

/// Sets a value at the positions from `keys` on, within the line of x that begins at `place`.
INLINE void cut(float* x, int64_t place, int64_t keys, float value) {
  Line line;
  read(line, x + place);
  write(x + place, LANE < static_cast<int32_t>(keys - place) ? line : Line{} + value);
}

/// Scores → weights: for each row the softmax over the keys that it sees, and 0 for the others.
WIDEST static void softmaxRows(float* __restrict x, const ScoreRows& o) {
  int64_t keys = o.keys;
  for (int64_t row = 0; row < o.rows; ++row, x += o.step, keys += o.more) {
    Line top = Line{} + UNSEEN;
    for (int64_t i = 0; i < o.columns; i += LINE) {
      if (i + LINE > keys) cut(x, i, keys, UNSEEN);
      raiseTo(top, x + i);
    }
    const float highest = highestIn(reinterpret_cast<const float*>(&top)), scale = o.scale;
    float sum = 0;
    for (int64_t i = 0; i < o.columns; i += LINE) {
      for (int64_t j = i; j < i + LINE; ++j) x[j] = expNegative((x[j] - highest) * scale);
      // Before the multiplication: a tiny weight would become a subnormal number, with which processors are slow.
      if (i + LINE > keys) cut(x, i, keys, 0.0f);
      for (int64_t j = i; j < i + LINE; ++j) sum += x[j];
    }
    const float share = sum == 0.0f ? 0.0f : 1.0f / sum;
    for (int64_t i = 0; i < o.columns; ++i) x[i] *= share;
  }
}

/// Computes, in place, the gradient of the scores from the weights (before dropping) and their gradient.
WIDEST static void softmaxRowsGrad(const float* __restrict weights, float* __restrict d, const ScoreRows& o) {
  for (int64_t row = 0; row < o.rows; ++row, weights += o.step, d += o.step) {
    float along = 0;
    for (int64_t i = 0; i < o.columns; i += LINE) {
      for (int64_t j = i; j < i + LINE; ++j) along += d[j] * weights[j];
    }
    const float scale = o.scale;
    for (int64_t i = 0; i < o.columns; i += LINE) {
      for (int64_t j = i; j < i + LINE; ++j) d[j] = weights[j] * (d[j] - along) * scale;
    }
  }
}

/// Sets a value for the keys that are not shown.
WIDEST static void hide(float* __restrict x, int64_t keys, const float* __restrict shown, float value) {
  for (int64_t i = 0; i < keys; ++i) x[i] = shown[i] == 0.0f ? value : x[i];
}

/// Drops some of one query's numbers.
WIDEST static void drop(float* __restrict x, int64_t n, const Draw& draws, uint32_t from) {
  const Draw draw = draws;
  for (int64_t i = 0; i < n; ++i) x[i] *= factorOf(draw, from + static_cast<uint32_t>(i));
}

}  // namespace automlp
