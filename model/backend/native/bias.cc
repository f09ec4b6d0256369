// Addition of a bias, optionally with a residual, and the gradient of the bias.
#include "op.h"
#include "parallel.h"

namespace automlp {
namespace {

WIDEST void shift(const float* x, float bias, const float* add, float* y, int64_t n) {
  if (add) {
    for (int64_t i = 0; i < n; ++i) y[i] = x[i] + bias + add[i];
  } else {
    for (int64_t i = 0; i < n; ++i) y[i] = x[i] + bias;
  }
}

WIDEST void shiftRows(const float* x, const float* bias, const float* add, float* y, int64_t rows, int64_t width) {
  for (int64_t row = 0; row < rows; ++row, x += width, y += width) {
    if (add) {
      for (int64_t i = 0; i < width; ++i) y[i] = x[i] + bias[i] + add[i];
      add += width;
    } else {
      for (int64_t i = 0; i < width; ++i) y[i] = x[i] + bias[i];
    }
  }
}

WIDEST float total(const float* x, int64_t n) {
  float sum = 0;
  for (int64_t i = 0; i < n; ++i) sum += x[i];
  return sum;
}

WIDEST void totals(const float* x, float* sums, int64_t rows, int64_t width) {
  for (int64_t i = 0; i < width; ++i) sums[i] = 0;
  for (int64_t row = 0; row < rows; ++row, x += width) {
    for (int64_t i = 0; i < width; ++i) sums[i] += x[i];
  }
}

void biasAdd(const Attributes& attributes, Call& call) {
  const Tensor x = call.input(0), bias = call.input(1);
  const Rows shape(x, attributes.first);
  if (call.refused(bias.size() == (attributes.first ? shape.rows : shape.width),
                   "biasAdd: the bias has another length than its axis")) return;
  const Tensor y = call.output(0, x.shape());
  const float *from = x.data(), *values = bias.data();
  float* to = y.data();
  const int64_t rows = shape.rows, width = shape.width;
  const bool first = attributes.first;
  const auto run = [=](const float* add) {
    if (first) {
      const int64_t pieces = (width + GRAIN - 1) / GRAIN;
      Pool::get().run(rows * pieces, 1, [=](int64_t piece, int64_t) {
        const int64_t row = piece / pieces, begin = piece % pieces * GRAIN;
        const int64_t n = begin + GRAIN < width ? GRAIN : width - begin, at = row * width + begin;
        shift(from + at, values[row], add ? add + at : nullptr, to + at, n);
      });
    } else {
      Pool::get().run(rows, rowGrain(width), [=](int64_t begin, int64_t end) {
        const int64_t at = begin * width;
        shiftRows(from + at, values, add ? add + at : nullptr, to + at, end - begin, width);
      });
    }
  };
  if (call.inputs() == 2) return run(nullptr);
  const Tensor residual = call.input(2);
  if (call.refused(residual.size() == x.size(), "biasAdd: the residual has another shape")) return;
  run(residual.data());
}

void biasGrad(const Attributes& attributes, Call& call) {
  const Tensor dy = call.input(0);
  const Rows shape(dy, attributes.first);
  const int64_t width = shape.width;
  const Tensor result = call.output(0, {attributes.first ? shape.rows : width});
  const float* from = dy.data();
  float* sums = result.data();
  if (attributes.first) {
    Pool::get().run(shape.rows, rowGrain(width), [=](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; ++row) sums[row] = total(from + row * width, width);
    });
    return;
  }
  const int64_t grain = rowGrain(width), pieces = (shape.rows + grain - 1) / grain;
  std::vector<float> partial(pieces * width);
  Pool::get().run(shape.rows, grain, [=, &partial](int64_t begin, int64_t end) {
    totals(from + begin * width, &partial[begin / grain * width], end - begin, width);
  });
  totals(partial.data(), sums, pieces, width);
}

OPERATION(biasAddOperation, "AutomlpBiasAdd", LIST("x: float", "bias: float", "residual: N * float"), LIST("y: float"),
          LIST("first: bool", "N: int >= 0"), biasAdd);
OPERATION(biasGradOperation, "AutomlpBiasGrad", LIST("dy: float"), LIST("d_bias: float"), LIST("first: bool"), biasGrad);

}  // namespace
}  // namespace automlp
