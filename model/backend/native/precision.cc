// Sets the precision of all operations that the calling thread calls from now on.
#include "precision.h"

#include "bfloat16.h"
#include "op.h"

namespace automlp {
namespace {

/// Sets the precision; outputs whether the processor multiplies in it faster than in float32.
void setPrecision(const Attributes& attributes, Call& call) {
  const Tensor isFaster = call.output(0, {});
  precision() = attributes.flag ? Precision::bfloat16 : Precision::float32;
  *isFaster.data() = attributes.flag && multipliesBfloat16();
}

OPERATION(precisionOperation, "AutomlpPrecision", {}, LIST("is_faster: float"), LIST("flag: bool"), setPrecision);

}  // namespace
}  // namespace automlp
