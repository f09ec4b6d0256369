// Sums of rows that have the same id (the gradient of gathering rows), and sums of rows of a table without gathering them first.
#include <algorithm>

#include "op.h"
#include "parallel.h"

namespace automlp {
namespace {

WIDEST void accumulate(const float* x, float* sum, int64_t n) {
  for (int64_t i = 0; i < n; ++i) sum[i] += x[i];
}

WIDEST void accumulateShare(const float* x, float share, float* sum, int64_t n) {
  for (int64_t i = 0; i < n; ++i) sum[i] += share * x[i];
}

/// Sets `rows` sums to zero and calls add(i, sum) for each of the n ids. Each piece owns a range of ids and scans all of them,
/// so that no two threads write to one row and each row is summed in the same order, whatever their number. Few pieces, because each has to
/// look at every id.
template <typename Add>
void sumById(const int32_t* ids, int64_t n, float* sums, int64_t rows, int64_t width, const Add& add) {
  const int64_t grain = std::max<int64_t>((rows + 15) / 16, rowGrain(width));
  Pool::get().run(rows, grain, [&](int64_t begin, int64_t end) {
    std::fill(sums + begin * width, sums + end * width, 0.0f);
    for (int64_t i = 0; i < n; ++i) {
      const int64_t id = ids[i];
      if (id >= begin && id < end) add(i, sums + id * width);
    }
  });
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
  sumById(ids.data<int32_t>(), n, result.data(), rows, width,
          [=](int64_t i, float* sum) { accumulate(from + i * width, sum, width); });
}

void embeddingBag(const Attributes&, Call& call) {
  const Tensor table = call.input(0), ids = call.input(1), bags = call.input(2), shares = call.input(3), count = call.input(4);
  const Rows from(table, true);
  const int64_t rows = count.data<int32_t>()[0], n = ids.size(), width = from.width;
  if (call.refused(bags.size() == n && shares.size() == n && rows >= 0, "embeddingBag: as many bags and shares as ids are needed"))
    return;
  const int32_t* id = ids.data<int32_t>();
  const bool known = std::all_of(id, id + n, [&](int32_t one) { return one >= 0 && one < from.rows; });
  if (call.refused(known, "embeddingBag: an id is no row of the table")) return;
  const Tensor result = call.output(0, {rows, width});
  const float *values = table.data(), *share = shares.data();
  sumById(bags.data<int32_t>(), n, result.data(), rows, width,
          [=](int64_t i, float* sum) { accumulateShare(values + id[i] * width, share[i], sum, width); });
}

OPERATION(segmentSumOperation, "AutomlpSegmentSum", LIST("values: float", "ids: int32", "rows: int32"),
          LIST("sums: float"), LIST(), segmentSum);
OPERATION(embeddingBagOperation, "AutomlpEmbeddingBag",
          LIST("table: float", "ids: int32", "bags: int32", "shares: float", "rows: int32"), LIST("sums: float"), LIST(), embeddingBag);

}  // namespace
}  // namespace automlp
