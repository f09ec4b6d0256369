// Cross-entropy of softmax(logits) with one right class per row, computed together with its gradient.
#include <cmath>

#include "exponential.h"
#include "highest.h"
#include "op.h"
#include "parallel.h"

namespace automlp {
namespace {

WIDEST float exponentials(const float* logits, float* powers, int64_t width, float& highest) {
  const float top = highestOf(logits, width);
  float sum = 0;
  for (int64_t i = 0; i < width; ++i) {
    powers[i] = expNegative(logits[i] - top);
    sum += powers[i];
  }
  highest = top;
  return sum;
}

WIDEST void multiply(float* x, float factor, int64_t n) {
  for (int64_t i = 0; i < n; ++i) x[i] *= factor;
}

void softmaxCrossEntropy(const Attributes& attributes, Call& call) {
  const Tensor logits = call.input(0), labels = call.input(1);
  const Rows shape(logits, false);
  const int32_t* right = labels.data<int32_t>();
  if (call.refused(labels.size() == shape.rows, "softmaxCrossEntropy: as many labels as rows are needed")) return;
  for (int64_t row = 0; row < shape.rows; ++row) {
    if (call.refused(right[row] >= 0 && right[row] < shape.width, "softmaxCrossEntropy: a label is no column")) return;
  }
  const Tensor loss = call.output(0, {shape.rows}), gradient = call.output(1, logits.shape());
  const float* from = logits.data();
  float *losses = loss.data(), *to = gradient.data();
  const int64_t width = shape.width;
  const float scale = attributes.number;
  Pool::get().run(shape.rows, rowGrain(width), [=](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; ++row) {
      const float* x = from + row * width;
      float* dx = to + row * width;
      float top;
      const float sum = exponentials(x, dx, width, top);
      losses[row] = std::log(sum) + top - x[right[row]];
      multiply(dx, scale / sum, width);
      dx[right[row]] -= scale;
    }
  });
}

OPERATION(softmaxCrossEntropyOperation, "AutomlpSoftmaxCrossEntropy", LIST("logits: float", "labels: int32"),
          LIST("loss: float", "d_logits: float"), LIST("number: float"), softmaxCrossEntropy);

}  // namespace
}  // namespace automlp
