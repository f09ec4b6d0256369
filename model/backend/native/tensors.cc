// Operations on all tensors of a model at once: a move along a direction, and the sum of squares.
#include <algorithm>

#include "op.h"
#include "parallel.h"

namespace automlp {
namespace {

WIDEST void move(const float* x, const float* direction, float scale, float* y, int64_t n) {
  for (int64_t i = 0; i < n; ++i) y[i] = x[i] + scale * direction[i];
}

/// In double precision, sixteen sums side by side: the widest vectors hold eight.
WIDEST double squares(const float* x, int64_t n) {
  constexpr int64_t LANES = 16;
  double sums[LANES] = {};
  int64_t i = 0;
  for (; i + LANES <= n; i += LANES) {
    for (int64_t lane = 0; lane < LANES; ++lane) sums[lane] += static_cast<double>(x[i + lane]) * x[i + lane];
  }
  for (; i < n; ++i) sums[0] += static_cast<double>(x[i]) * x[i];
  double sum = 0;
  for (const double lane : sums) sum += lane;
  return sum;
}

/// A part of one tensor, of at most GRAIN elements.
struct Piece {
  int64_t tensor, begin, n;
};

std::vector<Piece> piecesOf(const std::vector<Tensor>& tensors) {
  std::vector<Piece> pieces;
  for (size_t t = 0; t < tensors.size(); ++t) {
    for (int64_t begin = 0, size = tensors[t].size(); begin < size; begin += GRAIN) {
      pieces.push_back({static_cast<int64_t>(t), begin, std::min(GRAIN, size - begin)});
    }
  }
  return pieces;
}

std::vector<Tensor> inputsOf(Call& call, int first, int end) {
  std::vector<Tensor> tensors;
  tensors.reserve(end - first);
  for (int i = first; i < end; ++i) tensors.push_back(call.input(i));
  return tensors;
}

void addScaled(const Attributes&, Call& call) {
  const int n = (call.inputs() - 1) / 2;
  const std::vector<Tensor> tensors = inputsOf(call, 0, n), directions = inputsOf(call, n, 2 * n);
  for (int i = 0; i < n; ++i) {
    if (call.refused(tensors[i].size() == directions[i].size(), "addScaled: a direction has another shape than its tensor")) return;
  }
  const float scale = *call.input(2 * n).data();
  std::vector<Tensor> moved;
  moved.reserve(n);
  for (int i = 0; i < n; ++i) moved.push_back(call.output(i, tensors[i].shape()));
  const std::vector<Piece> pieces = piecesOf(tensors);
  Pool::get().run(pieces.size(), 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const Piece& p = pieces[i];
      move(tensors[p.tensor].data() + p.begin, directions[p.tensor].data() + p.begin, scale,
           moved[p.tensor].data() + p.begin, p.n);
    }
  });
}

void sumOfSquares(const Attributes&, Call& call) {
  const std::vector<Tensor> tensors = inputsOf(call, 0, call.inputs());
  const Tensor result = call.output(0, {});
  const std::vector<Piece> pieces = piecesOf(tensors);
  std::vector<double> sums(pieces.size());
  Pool::get().run(pieces.size(), 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) sums[i] = squares(tensors[pieces[i].tensor].data() + pieces[i].begin, pieces[i].n);
  });
  double sum = 0;
  for (const double part : sums) sum += part;
  *result.data() = static_cast<float>(sum);
}

OPERATION(addScaledOperation, "AutomlpAddScaled", LIST("tensors: N * float", "directions: N * float", "scale: float"),
          LIST("moved: N * float"), LIST("N: int >= 1"), addScaled);
OPERATION(sumOfSquaresOperation, "AutomlpSumOfSquares", LIST("tensors: N * float"), LIST("sum: float"), LIST("N: int >= 1"),
          sumOfSquares);

}  // namespace
}  // namespace automlp
