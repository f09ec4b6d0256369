// The precision that factors of products are rounded to.
#pragma once

namespace automlp {

enum class Precision { float32, bfloat16 };

/// The precision of operations that this thread calls. Threads that share its loops adopt it.
inline Precision& precision() {
  thread_local Precision precision = Precision::float32;
  return precision;
}

}  // namespace automlp
