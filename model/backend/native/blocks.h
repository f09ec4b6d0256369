// Products of factors that bfloat16.cc packs: in blocks of 16 by 16 pairs, a pair being two terms of a sum in 32 bits. In a block of A
// a row has 16 pairs, one after another; in one of B a row has a pair of each of 16 columns.
#pragma once
#include "tiles.h"

#if defined(__x86_64__) && (__GNUC__ >= 11 || __clang_major__ >= 12)
#define BLOCKS
namespace automlp {

/// Rows, pairs and columns of a block; terms of its sums; what it holds.
constexpr int64_t SIDE = 16, TERMS = 2 * SIDE, BLOCK = SIDE * SIDE;

/// The factors of a product.
struct Blocks {
  const uint32_t* a;  // [rows / 16, deep]
  const uint32_t* b;  // [columns / 16, deep]
  int64_t deep;       // blocks of terms
};

/// Whether the processor has AMX, and the system lets this process use it: asked for once.
bool hasTiles();
/// The product by AMX, a block at a time. `edge` [16, columns] is room for rows that fill no block.
void productByTiles(const Product& p, const Blocks& in, float* edge);

/// Whether the processor multiplies pairs faster by AVX-512 than it multiplies float32.
bool hasFastPairs();
/// The product by AVX-512, 16 columns at a time.
void productByPairs(const Product& p, const Blocks& in);

}  // namespace automlp
#endif
