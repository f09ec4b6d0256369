// Cross-entropy of softmax over each row's own item and the items that all rows share, with all gradients.
#include "cross_entropy.h"
#include "op.h"

namespace automlp {
namespace {

void sampledCrossEntropy(const Attributes& attributes, Call& call) {
  const Tensor states = call.input(0), own = call.input(1), table = call.input(2), ids = call.input(3),
               tableIds = call.input(4), ownShift = call.input(5), shift = call.input(6);
  const std::vector<int64_t> one = states.shape(), two = table.shape();
  if (call.refused(one.size() == 2 && two.size() == 2 && one[1] == two[1] && states.size() > 0 && table.size() > 0 &&
                       own.shape() == one && ids.size() == one[0] && ownShift.size() == one[0] &&
                       tableIds.size() == two[0] && shift.size() == two[0],
                   "sampledCrossEntropy: the shapes do not fit, or there is nothing"))
    return;
  const Tensor loss = call.output(0, {one[0]}), dStates = call.output(1, one), dOwn = call.output(2, one),
               dTable = call.output(3, two), dOwnShift = call.output(4, {one[0]}), dShift = call.output(5, {two[0]});
  CrossEntropy o{};
  o.rows = one[0], o.items = two[0], o.dim = one[1];
  o.h = states.data(), o.table = table.data(), o.bias = shift.data();
  o.scale = attributes.number, o.right = ids.data<int32_t>();
  o.own = own.data(), o.ownBias = ownShift.data(), o.tableIds = tableIds.data<int32_t>();
  o.loss = loss.data(), o.dh = dStates.data(), o.dTable = dTable.data(), o.dBias = dShift.data();
  o.dOwn = dOwn.data(), o.dOwnBias = dOwnShift.data();
  crossEntropy(o);
}

OPERATION(sampledCrossEntropyOperation, "AutomlpSampledCrossEntropy",
          LIST("h: float", "own: float", "items: float", "own_ids: int32", "item_ids: int32", "own_shift: float",
               "shift: float"),
          LIST("loss: float", "d_h: float", "d_own: float", "d_items: float", "d_own_shift: float", "d_shift: float"),
          LIST("number: float"), sampledCrossEntropy);

}  // namespace
}  // namespace automlp
