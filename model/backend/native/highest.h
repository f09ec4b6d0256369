// The highest of many numbers. Written with vectors, because compilers do not vectorize the plain loop: it would have to define
// what happens with NaN.
#pragma once
#include <cstdint>
#include <cstring>

#include "op.h"

namespace automlp {

/// Sixteen numbers, processed at once if the processor can.
typedef float Line __attribute__((vector_size(64)));
constexpr int64_t LINE = 16;

/// Loads the line that begins at any number, aligned or not; and stores it.
INLINE void read(Line& line, const float* x) { std::memcpy(&line, x, sizeof line); }
INLINE void write(float* x, const Line& line) { std::memcpy(x, &line, sizeof line); }

/// The higher number of each pair.
INLINE void raiseTo(Line& top, const float* x) {
  Line other;
  read(other, x);
  top = other > top ? other : top;
}

/// The highest number of a line.
INLINE float highestIn(const float* line) {
  float x[LINE];
  for (int i = 0; i < LINE; ++i) x[i] = line[i];
  for (int half = LINE / 2; half > 0; half /= 2) {
    for (int i = 0; i < half; ++i) x[i] = x[i + half] > x[i] ? x[i + half] : x[i];
  }
  return x[0];
}

/// The highest of n numbers, n > 0. NaN is either ignored or the result.
INLINE float highestOf(const float* x, int64_t n) {
  if (n < LINE) {
    float top = x[0];
    for (int64_t i = 1; i < n; ++i) top = x[i] > top ? x[i] : top;
    return top;
  }
  Line top;
  read(top, x);
  for (int64_t i = LINE; i + LINE <= n; i += LINE) raiseTo(top, x + i);
  raiseTo(top, x + n - LINE);
  return highestIn(reinterpret_cast<const float*>(&top));
}

}  // namespace automlp
