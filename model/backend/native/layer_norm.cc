// Layer normalisation over the last axis, without gain and bias.
#include <cmath>

#include "op.h"
#include "parallel.h"

namespace automlp {
namespace {

WIDEST void normRows(const float* x, float* y, float* scale, int64_t rows, int64_t width, float epsilon) {
  for (int64_t row = 0; row < rows; ++row, x += width, y += width) {
    float sum = 0;
    for (int64_t i = 0; i < width; ++i) sum += x[i];
    const float mean = sum / width;
    float squares = 0;
    for (int64_t i = 0; i < width; ++i) squares += (x[i] - mean) * (x[i] - mean);
    const float s = 1.0f / std::sqrt(squares / width + epsilon);
    for (int64_t i = 0; i < width; ++i) y[i] = (x[i] - mean) * s;
    scale[row] = s;
  }
}

WIDEST void normRowsGrad(const float* dy, const float* y, const float* scale, const float* add, float* dx, int64_t rows,
                         int64_t width) {
  for (int64_t row = 0; row < rows; ++row, dy += width, y += width, dx += width) {
    float sum = 0, dot = 0;
    for (int64_t i = 0; i < width; ++i) {
      sum += dy[i];
      dot += dy[i] * y[i];
    }
    const float mean = sum / width, slope = dot / width, s = scale[row];
    if (add) {
      for (int64_t i = 0; i < width; ++i) dx[i] = add[i] + s * (dy[i] - mean - y[i] * slope);
      add += width;
    } else {
      for (int64_t i = 0; i < width; ++i) dx[i] = s * (dy[i] - mean - y[i] * slope);
    }
  }
}

void layerNorm(const Attributes& attributes, Call& call) {
  const Tensor x = call.input(0);
  const Rows shape(x, false);
  const Tensor y = call.output(0, x.shape()), scale = call.output(1, {shape.rows});
  const float* from = x.data();
  float *to = y.data(), *scales = scale.data();
  const int64_t width = shape.width;
  const float epsilon = attributes.number;
  Pool::get().run(shape.rows, rowGrain(width), [=](int64_t begin, int64_t end) {
    normRows(from + begin * width, to + begin * width, scales + begin, end - begin, width, epsilon);
  });
}

void layerNormGrad(const Attributes&, Call& call) {
  const Tensor dy = call.input(0), y = call.input(1), scale = call.input(2);
  const Rows shape(dy, false);
  if (call.refused(dy.size() == y.size() && scale.size() == shape.rows,
                   "layerNormGrad: y and scale are of another layerNorm")) return;
  const Tensor dx = call.output(0, dy.shape());
  const float *from = dy.data(), *normed = y.data(), *scales = scale.data();
  float* to = dx.data();
  const int64_t width = shape.width;
  const auto run = [=](const float* add) {
    Pool::get().run(shape.rows, rowGrain(width), [=](int64_t begin, int64_t end) {
      const int64_t at = begin * width;
      normRowsGrad(from + at, normed + at, scales + begin, add ? add + at : nullptr, to + at, end - begin, width);
    });
  };
  if (call.inputs() == 3) return run(nullptr);
  const Tensor add = call.input(3);
  if (call.refused(add.size() == dy.size(), "layerNormGrad: what is added has another shape")) return;
  run(add.data());
}

OPERATION(layerNormOperation, "AutomlpLayerNorm", LIST("x: float"), LIST("y: float", "scale: float"),
          LIST("number: float"), layerNorm);
OPERATION(layerNormGradOperation, "AutomlpLayerNormGrad",
          LIST("dy: float", "y: float", "scale: float", "add: N * float"), LIST("dx: float"), LIST("N: int >= 0"),
          layerNormGrad);

}  // namespace
}  // namespace automlp
