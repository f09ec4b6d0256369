// Cross-entropy of softmax(items h + bias) with one right item per row, with all gradients or without any. Logits of some
// items may be shifted in some rows.
#include "cross_entropy.h"
#include "op.h"

namespace automlp {
namespace {

/// Checks the inputs and computes the losses and, if GRADIENTS, the gradients.
template <bool GRADIENTS>
void linearCrossEntropy(const Attributes& attributes, Call& call) {
  const Tensor states = call.input(0), table = call.input(1), targets = call.input(2);
  // These three are followed by nothing, by a bias, or by a bias, a shift, the shifted items and their ends.
  const int more = call.inputs() - 3;
  const bool biased = more > 0, shifting = more == 4;
  const Tensor bias = call.input(biased ? 3 : 0), by = call.input(shifting ? 4 : 0),
               shifted = call.input(shifting ? 5 : 0), ends = call.input(shifting ? 6 : 0);
  const std::vector<int64_t> one = states.shape(), two = table.shape();
  if (call.refused(one.size() == 2 && two.size() == 2 && one[1] == two[1] && states.size() > 0 && table.size() > 0 &&
                       targets.size() == one[0] && (!biased || bias.size() == two[0]),
                   "linearCrossEntropy: the shapes do not fit, or there is nothing"))
    return;
  const int32_t* right = targets.data<int32_t>();
  for (int64_t row = 0; row < one[0]; ++row) {
    if (call.refused(right[row] >= -1 && right[row] < two[0], "linearCrossEntropy: a target is no item")) return;
  }
  const int32_t *other = shifted.data<int32_t>(), *end = ends.data<int32_t>();
  if (shifting) {
    if (call.refused(ends.size() == one[0] && by.size() == 1, "linearCrossEntropy: the shapes do not fit")) return;
    for (int64_t row = 0, i = 0; row < one[0]; ++row) {
      if (call.refused(end[row] >= i && end[row] <= shifted.size(),
                       "linearCrossEntropy: the ends of what is shifted do not ascend, or are beyond it"))
        return;
      for (; i < end[row]; ++i) {
        if (call.refused(other[i] >= 0 && other[i] < two[0], "linearCrossEntropy: what is shifted is no item")) return;
      }
    }
  }
  const Tensor loss = call.output(0, {one[0]});
  CrossEntropy o{};
  o.rows = one[0], o.items = two[0], o.dim = one[1];
  o.h = states.data(), o.table = table.data(), o.bias = biased ? bias.data() : nullptr;
  o.scale = attributes.number, o.right = right;
  if (shifting) o.shifted = other, o.shiftedEnds = end, o.shift = *by.data();
  o.loss = loss.data();
  if constexpr (GRADIENTS) {
    const Tensor dStates = call.output(1, one), dTable = call.output(2, two), dShift = call.output(3, {two[0]});
    o.dh = dStates.data(), o.dTable = dTable.data(), o.dBias = dShift.data();
    return crossEntropy(o);
  }
  crossEntropy(o);
}

#define INPUTS "h: float", "items: float", "targets: int32", "bias: N * float", "shifted: M * int32"

OPERATION(linearCrossEntropyOperation, "AutomlpLinearCrossEntropy",
          LIST(INPUTS), LIST("loss: float", "d_h: float", "d_items: float", "d_bias: float"),
          LIST("number: float", "N: int >= 0", "M: int >= 0"), linearCrossEntropy<true>);
OPERATION(linearCrossEntropyLossOperation, "AutomlpLinearCrossEntropyLoss", LIST(INPUTS), LIST("loss: float"),
          LIST("N: int >= 0", "M: int >= 0"), linearCrossEntropy<false>);

}  // namespace
}  // namespace automlp
