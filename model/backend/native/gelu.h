// GELU and its slope, in a form that compilers turn into vector instructions.
#pragma once
#include "exponential.h"

namespace automlp {

/// x·Φ(x) and its slope Φ(x) + x·φ(x). Φ is Abramowitz and Stegun's 7.1.26 (error 1.5e-7): φ uses the same exponential.
INLINE void geluOf(float x, float& y, float& slope) {
  const float z = __builtin_fabsf(x) * 0.70710678f;
  const float e = expNegative(-z * z);
  const float t = 1.0f / (1.0f + 0.3275911f * z);
  const float polynomial =
      t * (0.254829592f + t * (-0.284496736f + t * (1.421413741f + t * (-1.453152027f + t * 1.061405429f))));
  const float tail = 0.5f * e * polynomial;
  const float phi = x < 0.0f ? tail : 1.0f - tail;
  y = x * phi;
  slope = phi + x * 0.39894228f * e;
}

}  // namespace automlp
