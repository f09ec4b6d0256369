// Adam in place: parameters and moments are updated where they are, as whole tensors or as some rows of a table.
#include <cmath>

#include "op.h"
#include "parallel.h"

namespace automlp {
namespace {

/// [rate, beta1, beta2, epsilon], with the corrections for the step folded into rate and epsilon.
struct Settings {
  float rate, beta1, beta2, epsilon;
  explicit Settings(const Tensor& t) : rate(t.data()[0]), beta1(t.data()[1]), beta2(t.data()[2]), epsilon(t.data()[3]) {}
};

WIDEST void update(float* p, float* m, float* v, const float* g, int64_t n, Settings s) {
  for (int64_t i = 0; i < n; ++i) {
    m[i] = s.beta1 * m[i] + (1 - s.beta1) * g[i];
    v[i] = s.beta2 * v[i] + (1 - s.beta2) * g[i] * g[i];
    p[i] -= s.rate * m[i] / (std::sqrt(v[i]) + s.epsilon);
  }
}

void adam(const Attributes&, Call& call) {
  const Tensor parameter = call.input(0), first = call.input(1), second = call.input(2), gradient = call.input(3);
  const int64_t n = parameter.size();
  if (call.refused(first.size() == n && second.size() == n && gradient.size() == n,
                   "adam: parameter, moments and gradient differ in shape")) return;
  const Settings settings(call.input(4));
  float *p = parameter.data(), *m = first.data(), *v = second.data();
  const float* g = gradient.data();
  Pool::get().run(n, GRAIN, [=](int64_t begin, int64_t end) {
    update(p + begin, m + begin, v + begin, g + begin, end - begin, settings);
  });
}

void adamRows(const Attributes&, Call& call) {
  const Tensor table = call.input(0), first = call.input(1), second = call.input(2), ids = call.input(3),
               gradient = call.input(4);
  const std::vector<int64_t> shape = table.shape();
  const int64_t width = shape.empty() || shape[0] == 0 ? 0 : table.size() / shape[0], n = ids.size();
  if (call.refused(first.size() == table.size() && second.size() == table.size() && gradient.size() == n * width,
                   "adamRows: table, moments and gradient rows differ in shape")) return;
  const int32_t* rows = ids.data<int32_t>();
  for (int64_t i = 0; i < n; ++i) {
    if (call.refused(rows[i] >= 0 && rows[i] < shape[0], "adamRows: an id is no row of the table")) return;
  }
  const Settings settings(call.input(5));
  float *p = table.data(), *m = first.data(), *v = second.data();
  const float* g = gradient.data();
  Pool::get().run(n, rowGrain(width), [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const int64_t at = rows[i] * width;
      update(p + at, m + at, v + at, g + i * width, width, settings);
    }
  });
}

OPERATION(adamOperation, "AutomlpAdam",
          LIST("parameter: float", "first: float", "second: float", "gradient: float", "settings: float"), LIST(), LIST(),
          adam);
OPERATION(adamRowsOperation, "AutomlpAdamRows",
          LIST("table: float", "first: float", "second: float", "ids: int32", "gradient: float", "settings: float"),
          LIST(), LIST(), adamRows);

}  // namespace
}  // namespace automlp
