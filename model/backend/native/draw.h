// The draws of dropout: pure functions of (seed, position).
#pragma once
#include <cstdint>

#include "op.h"

namespace automlp {

/// Chris Wellons' lowbias32: each bit of the input changes each bit of the output with a probability of nearly one half.
INLINE uint32_t mix(uint32_t x) {
  x = (x ^ (x >> 16)) * 0x7feb352du;
  x = (x ^ (x >> 15)) * 0x846ca68bu;
  return x ^ (x >> 16);
}

/// The draw at each position for a rate and a seed.
struct Draw {
  uint32_t first, second, limit;
  float scale;
  Draw(float rate, int32_t seed)
      : first(mix(static_cast<uint32_t>(seed))),
        second(mix(first ^ 0x9e3779b9u)),
        limit(static_cast<uint32_t>(static_cast<double>(rate) * 4294967296.0)),
        scale(1.0f / (1.0f - rate)) {}
};

/// 0 if the position is dropped, otherwise the factor that makes up for dropped positions.
INLINE float factorOf(const Draw& draw, uint32_t position) {
  return mix(mix(position ^ draw.first) ^ draw.second) < draw.limit ? 0.0f : draw.scale;
}

}  // namespace automlp
