// GELU with the bias before it, its slope, and their gradients.
#include "exponential.h"
#include "op.h"
#include "parallel.h"

namespace automlp {
namespace {

/// x·Φ(x) and its slope Φ(x) + x·φ(x). Φ is Abramowitz and Stegun's 7.1.26 (error 1.5e-7): its exponential is φ's too.
INLINE void geluOf(float x, float& y, float& slope) {
  const float z = __builtin_fabsf(x) * 0.70710678f;
  const float e = expNegative(-z * z);
  const float t = 1.0f / (1.0f + 0.3275911f * z);
  const float polynomial =
      t * (0.254829592f + t * (-0.284496736f + t * (1.421413741f + t * (-1.453152027f + t * 1.061405429f))));
  const float tail = 0.5f * e * polynomial;
  const float phi = x < 0.0f ? tail : 1.0f - tail;
  y = x * phi;
  slope = phi + x * 0.39894228f * e;
}

WIDEST void geluShifted(const float* x, float bias, float* y, float* slope, int64_t n) {
  for (int64_t i = 0; i < n; ++i) geluOf(x[i] + bias, y[i], slope[i]);
}

WIDEST void geluBiased(const float* x, const float* bias, float* y, float* slope, int64_t n) {
  for (int64_t i = 0; i < n; ++i) geluOf(x[i] + bias[i], y[i], slope[i]);
}

/// dx = dy · slope; returns its sum.
WIDEST float productSum(const float* dy, const float* slope, float* dx, int64_t n) {
  float sum = 0;
  for (int64_t i = 0; i < n; ++i) {
    dx[i] = dy[i] * slope[i];
    sum += dx[i];
  }
  return sum;
}

/// dx = dy · slope for `rows` rows; adds them up in `sums`.
WIDEST void productSums(const float* dy, const float* slope, float* dx, float* sums, int64_t rows, int64_t width) {
  for (int64_t i = 0; i < width; ++i) sums[i] = 0;
  for (int64_t row = 0; row < rows; ++row, dy += width, slope += width, dx += width) {
    for (int64_t i = 0; i < width; ++i) {
      dx[i] = dy[i] * slope[i];
      sums[i] += dx[i];
    }
  }
}

void gelu(const Attributes& attributes, Call& call) {
  const Tensor x = call.input(0), bias = call.input(1);
  const Rows shape(x, attributes.first);
  if (call.refused(bias.size() == 1 || bias.size() == (attributes.first ? shape.rows : shape.width),
                   "gelu: the bias has another length than its axis")) return;
  const Tensor y = call.output(0, x.shape()), slope = call.output(1, x.shape());
  const float *from = x.data(), *shift = bias.data();
  float *to = y.data(), *rise = slope.data();
  const int64_t width = shape.width;
  if (bias.size() == 1) {
    Pool::get().run(x.size(), GRAIN, [=](int64_t begin, int64_t end) {
      geluShifted(from + begin, shift[0], to + begin, rise + begin, end - begin);
    });
  } else if (attributes.first) {
    const int64_t pieces = (width + GRAIN - 1) / GRAIN;
    Pool::get().run(shape.rows * pieces, 1, [=](int64_t piece, int64_t) {
      const int64_t row = piece / pieces, begin = piece % pieces * GRAIN;
      const int64_t n = begin + GRAIN < width ? GRAIN : width - begin, at = row * width + begin;
      geluShifted(from + at, shift[row], to + at, rise + at, n);
    });
  } else {
    Pool::get().run(shape.rows, rowGrain(width), [=](int64_t begin, int64_t end) {
      for (int64_t at = begin * width; at < end * width; at += width) {
        geluBiased(from + at, shift, to + at, rise + at, width);
      }
    });
  }
}

void geluGrad(const Attributes& attributes, Call& call) {
  const Tensor dy = call.input(0), slope = call.input(1);
  if (call.refused(dy.size() == slope.size(), "geluGrad: the slope is of another gelu")) return;
  const Rows shape(dy, attributes.first);
  const int64_t width = shape.width;
  const Tensor dx = call.output(0, dy.shape());
  const Tensor dBias = call.output(1, {attributes.first ? shape.rows : width});
  const float *from = dy.data(), *rise = slope.data();
  float *to = dx.data(), *sums = dBias.data();
  if (attributes.first) {
    const int64_t pieces = (width + GRAIN - 1) / GRAIN;
    std::vector<float> partial(shape.rows * pieces);
    Pool::get().run(shape.rows * pieces, 1, [=, &partial](int64_t piece, int64_t) {
      const int64_t row = piece / pieces, begin = piece % pieces * GRAIN;
      const int64_t n = begin + GRAIN < width ? GRAIN : width - begin, at = row * width + begin;
      partial[piece] = productSum(from + at, rise + at, to + at, n);
    });
    for (int64_t row = 0; row < shape.rows; ++row) {
      sums[row] = 0;
      for (int64_t piece = 0; piece < pieces; ++piece) sums[row] += partial[row * pieces + piece];
    }
  } else {
    const int64_t grain = rowGrain(width), pieces = (shape.rows + grain - 1) / grain;
    std::vector<float> partial(pieces * width);
    Pool::get().run(shape.rows, grain, [=, &partial](int64_t begin, int64_t end) {
      const int64_t at = begin * width;
      productSums(from + at, rise + at, to + at, &partial[begin / grain * width], end - begin, width);
    });
    for (int64_t i = 0; i < width; ++i) sums[i] = 0;
    for (int64_t piece = 0; piece < pieces; ++piece) {
      for (int64_t i = 0; i < width; ++i) sums[i] += partial[piece * width + i];
    }
  }
}

OPERATION(geluOperation, "AutomlpGelu", LIST("x: float", "bias: float"), LIST("y: float", "slope: float"),
          LIST("first: bool"), gelu);
OPERATION(geluGradOperation, "AutomlpGeluGrad", LIST("dy: float", "slope: float"), LIST("dx: float", "d_bias: float"),
          LIST("first: bool"), geluGrad);

}  // namespace
}  // namespace automlp
