// The exponential function for numbers up to 0, in a form that compilers turn into vector instructions.
#pragma once
#include <cstdint>
#include <cstring>

#include "op.h"

namespace automlp {

/// e^x for x ≤ 0, e^−87 below −87. The relative error is up to 3e-7; far below 0, on processors without fused
/// multiply-add, up to 4e-6.
INLINE float expNegative(float x) {
  x = x < -87.0f ? -87.0f : x;
  const float k = __builtin_rintf(x * 1.44269504f);
  const float r = (x - k * 0.693359375f) + k * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  // For NaN this is some number of either sign; the product is NaN all the same.
  const uint32_t bits = static_cast<uint32_t>(static_cast<int32_t>(k) + 127) << 23;
  float power;
  std::memcpy(&power, &bits, sizeof power);
  return p * power;
}

}  // namespace automlp
