// Products of factors that are rounded to bfloat16 (a float32 with 8 of its 24 significant bits), with sums in float32, as in
// mixed precision training (Micikevicius et al., ICLR 2018; Kalamkar et al., arXiv:1905.12322).
#pragma once
#include "tiles.h"

namespace automlp {

/// Whether the processor multiplies bfloat16 faster than float32: by AMX, or by AVX-512 where that is fast (see blocks.h).
bool multipliesBfloat16();

/// Computes the product. With few rows or few terms it is computed in float32: that takes hardly any time, and sums of columns stay exact.
/// On other processors the same rounded factors are multiplied as float32: equal up to the order of a sum, but slower than float32.
void productInBfloat16(const Product& p);

/// See Tiles.
int64_t packedSizeInBfloat16(int64_t lines, int64_t inner);
void packLeftInBfloat16(const Left& a, int64_t rows, int64_t inner, float* to);
void packRightInBfloat16(const Right& b, int64_t inner, int64_t columns, float* to);

}  // namespace automlp
