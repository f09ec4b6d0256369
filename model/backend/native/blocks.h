// Products of factors packed in blocks of 16 by 16 pairs, a pair being two terms of a sum in 32 bits. A row of a block of A has 16
// consecutive pairs; a row of a block of B has one pair for each of 16 columns. bfloat16.cc packs them.
#pragma once
#include "tiles.h"

#if defined(__x86_64__) && defined(__linux__) && (__GNUC__ >= 11 || __clang_major__ >= 12)
#define BLOCKS
/// For functions that pack blocks, or multiply them with AVX-512.
#define VECTORS __attribute__((target("avx512f,avx512bw,avx512bf16")))

namespace automlp {

/// Rows, pairs per row, or columns of a block; terms per row; pairs in a block.
constexpr int64_t SIDE = 16, TERMS = 2 * SIDE, BLOCK = SIDE * SIDE;

/// The factors of a product.
struct Blocks {
  const uint32_t* a;  // [rows / 16, deep]
  const uint32_t* b;  // [columns / 16, deep]
  int64_t deep;       // blocks of terms
};

/// Whether the processor has AMX and the system lets this process use it.
bool hasTiles();
/// Computes the product with AMX, a block at a time. `edge` [16, columns] is a buffer for rows that do not fill a block.
void productByTiles(const Product& p, const Blocks& in, float* edge);

/// Whether AVX-512 multiplies pairs faster than float32 on this processor.
bool hasFastPairs();
/// Computes the product with AVX-512, 16 columns at a time.
void productByPairs(const Product& p, const Blocks& in);

}  // namespace automlp
#endif
