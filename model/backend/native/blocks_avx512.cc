// Products of blocks with AVX-512's instruction for pairs (VDPBF16PS), which adds two terms to each of 16 sums.
#include "blocks.h"

#ifdef BLOCKS
#include <immintrin.h>

#include <algorithm>

namespace automlp {
namespace {

/// M rows within a block and N blocks of columns; the sums stay in registers. An element's sum does not depend on M and N.
template <int M, int N>
VECTORS void part(const Product& p, const Blocks& in, int64_t row, int64_t column) {
  float* c = p.c + row * p.cRow + column;
  __m512 sums[M][N];
#pragma GCC unroll 8
  for (int m = 0; m < M; ++m) {
#pragma GCC unroll 4
    for (int n = 0; n < N; ++n) {
      sums[m][n] = p.start == Start::sum            ? _mm512_loadu_ps(c + m * p.cRow + n * SIDE)
                   : p.start == Start::biasOfColumn ? _mm512_loadu_ps(p.bias + column + n * SIDE)
                   : p.start == Start::biasOfRow    ? _mm512_set1_ps(p.bias[row + m])
                                                    : _mm512_setzero_ps();
    }
  }
  const uint32_t* a = in.a + row / SIDE * in.deep * BLOCK + row % SIDE * SIDE;
  const uint32_t* b = in.b + column / SIDE * in.deep * BLOCK;
  for (int64_t left = (p.inner + 1) / 2; left > 0; left -= SIDE, a += BLOCK, b += BLOCK) {
    for (int64_t k = 0; k < std::min(left, SIDE); ++k) {
      __m512i factors[N];
#pragma GCC unroll 4
      for (int n = 0; n < N; ++n) factors[n] = _mm512_loadu_si512(b + n * in.deep * BLOCK + k * SIDE);
#pragma GCC unroll 8
      for (int m = 0; m < M; ++m) {
        const __m512i factor = _mm512_set1_epi32(static_cast<int>(a[m * SIDE + k]));
#pragma GCC unroll 4
        for (int n = 0; n < N; ++n) sums[m][n] = _mm512_dpbf16_ps(sums[m][n], (__m512bh)factor, (__m512bh)factors[n]);
      }
    }
  }
#pragma GCC unroll 8
  for (int m = 0; m < M; ++m) {
#pragma GCC unroll 4
    for (int n = 0; n < N; ++n) _mm512_storeu_ps(c + m * p.cRow + n * SIDE, sums[m][n]);
  }
}

/// All rows of N blocks of columns. Fewer blocks go with more rows; otherwise too few sums would be computed at once.
template <int N>
VECTORS void parts(const Product& p, const Blocks& in, int64_t column) {
  int64_t row = 0;
  if constexpr (N <= 2) {
    for (; row + 8 <= p.rows; row += 8) part<8, N>(p, in, row, column);
  }
  for (; row + 4 <= p.rows; row += 4) part<4, N>(p, in, row, column);
  if (p.rows - row == 3) return part<3, N>(p, in, row, column);
  if (p.rows - row == 2) return part<2, N>(p, in, row, column);
  if (p.rows - row == 1) return part<1, N>(p, in, row, column);
}

}  // namespace

void productByPairs(const Product& p, const Blocks& in) {
  int64_t column = 0;
  for (; column + 4 * SIDE <= p.columns; column += 4 * SIDE) parts<4>(p, in, column);
  const int64_t left = (p.columns - column) / SIDE;
  if (left == 3) return parts<3>(p, in, column);
  if (left == 2) return parts<2>(p, in, column);
  if (left == 1) return parts<1>(p, in, column);
}

/// On AMD's processors the instruction does twice as many multiplications per second as float32's (measured on an EPYC, Zen 5), on
/// Intel's only .5 to .8 as many.
bool hasFastPairs() {
  return __builtin_cpu_is("amd") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512bf16");
}

}  // namespace automlp
#endif
