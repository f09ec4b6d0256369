// What the factors of products are rounded to.
#pragma once

namespace automlp {

enum class Precision { float32, bfloat16 };

/// That of the operations that this thread calls. Threads that share its loops take it over.
inline Precision& precision() {
  thread_local Precision precision = Precision::float32;
  return precision;
}

}  // namespace automlp
