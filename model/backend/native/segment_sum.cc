// Sums of the rows with the same id: the gradient of gathering rows.
#include <algorithm>

#include "op.h"
#include "parallel.h"

namespace automlp {
namespace {

WIDEST void accumulate(const float* x, float* sum, int64_t n) {
  for (int64_t i = 0; i < n; ++i) sum[i] += x[i];
}

void segmentSum(const Attributes&, Call& call) {
  const Tensor values = call.input(0), ids = call.input(1), count = call.input(2);
  const int64_t rows = count.data<int32_t>()[0], n = ids.size();
  std::vector<int64_t> shape = values.shape();
  if (call.refused(!shape.empty() && shape[0] == n && rows >= 0, "segmentSum: as many ids as rows are needed")) return;
  int64_t width = 1;
  for (size_t i = 1; i < shape.size(); ++i) width *= shape[i];
  shape[0] = rows;
  const Tensor result = call.output(0, shape);
  const float* from = values.data();
  const int32_t* segments = ids.data<int32_t>();
  float* sums = result.data();
  // Each piece owns a range of ids and looks through all of them: no two threads write to one row, and each row is
  // added up in the same order whatever their number. Few pieces, as each costs one look at every id.
  const int64_t grain = std::max<int64_t>((rows + 15) / 16, rowGrain(width));
  Pool::get().run(rows, grain, [=](int64_t begin, int64_t end) {
    std::fill(sums + begin * width, sums + end * width, 0.0f);
    for (int64_t i = 0; i < n; ++i) {
      const int64_t id = segments[i];
      if (id >= begin && id < end) accumulate(from + i * width, sums + id * width, width);
    }
  });
}

OPERATION(segmentSumOperation, "AutomlpSegmentSum", LIST("values: float", "ids: int32", "rows: int32"),
          LIST("sums: float"), LIST(), segmentSum);

}  // namespace
}  // namespace automlp
