// Products of factors rounded to bfloat16: packs the factors in blocks for processors that multiply these, or rounds them to float32.
#include "bfloat16.h"

#include <cstring>

#include "blocks.h"
#include "op.h"

#ifdef BLOCKS
#include <immintrin.h>
#endif

namespace automlp {
namespace {

/// Products of fewer rows or terms are computed in float32.
constexpr int64_t FEW = 16;

/// The nearest bfloat16; the even one of two equally near.
INLINE float rounded(float x) {
  uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  const uint32_t even = (bits + 0x7fff + (bits >> 16 & 1)) & 0xffff0000;
  bits = x == x ? even : bits;  // NaN is kept
  std::memcpy(&x, &bits, sizeof bits);
  return x;
}

WIDEST void roundRow(const float* __restrict x, int64_t step, int64_t n, float* __restrict y) {
  if (step == 1) {
    for (int64_t i = 0; i < n; ++i) y[i] = rounded(x[i]);
  } else {
    for (int64_t i = 0; i < n; ++i) y[i] = rounded(x[i * step]);
  }
}

void roundLeft(const Left& a, int64_t rows, int64_t inner, float* to) {
  for (int64_t i = 0; i < rows; ++i) roundRow(a.x + i * a.row, a.column, inner, to + i * inner);
}

void roundRight(const Right& b, int64_t inner, int64_t columns, float* to) {
  for (int64_t k = 0; k < inner; ++k) roundRow(b.x + k * b.row, 1, columns, to + k * columns);
}

/// A factor that was packed before, or that is packed now.
template <typename Pack>
const float* packedOr(const float* packed, float* room, Pack pack) {
  if (packed) return packed;
  pack(room);
  return room;
}

bool isFew(const Product& p) { return p.rows < FEW || p.inner < FEW; }

#ifdef BLOCKS
inline int64_t blocksOf(int64_t n, int64_t size) { return (n + size - 1) / size; }

/// Mask of the first n of 16.
inline __mmask16 first(int64_t n) { return n >= SIDE ? 0xffff : n > 0 ? (1 << n) - 1 : 0; }

/// A [rows, terms], term beside term → blocks [rows / 16, terms / 32].
VECTORS void packRows(const float* x, int64_t step, int64_t rows, int64_t terms, uint32_t* to) {
  const int64_t deep = blocksOf(terms, TERMS);
  for (int64_t i = 0; i < blocksOf(rows, SIDE) * SIDE; ++i) {
    uint32_t* at = to + i / SIDE * deep * BLOCK + i % SIDE * SIDE;
    for (int64_t k = 0; k < deep * TERMS; k += TERMS, at += BLOCK) {
      const int64_t left = i < rows ? terms - k : 0;
      const float* from = x + i * step + k;
      const __m512 one = _mm512_maskz_loadu_ps(first(left), from),
                   two = _mm512_maskz_loadu_ps(first(left - SIDE), from + SIDE);
      _mm512_storeu_si512(at, (__m512i)_mm512_cvtne2ps_pbh(two, one));
    }
  }
}

/// 32 terms of up to 16 columns, column beside column → a block.
VECTORS inline void packBlock(const float* x, int64_t step, int64_t terms, int64_t columns, uint32_t* to) {
  const __m512i woven = _mm512_set_epi16(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22, 6, 21, 5, 20,
                                         4, 19, 3, 18, 2, 17, 1, 16, 0);
  const __mmask16 mask = first(columns);
  for (int64_t k = 0; k < TERMS; k += 2, x += 2 * step, to += SIDE) {
    const __m512 one = _mm512_maskz_loadu_ps(k < terms ? mask : 0, x),
                 two = _mm512_maskz_loadu_ps(k + 1 < terms ? mask : 0, x + step);
    _mm512_storeu_si512(to, _mm512_permutexvar_epi16(woven, (__m512i)_mm512_cvtne2ps_pbh(two, one)));
  }
}

/// B [terms, columns] → blocks [columns / 16, terms / 32].
VECTORS void packColumns(const float* x, int64_t step, int64_t terms, int64_t columns, uint32_t* to) {
  for (int64_t j = 0; j < columns; j += SIDE) {
    for (int64_t k = 0; k < terms; k += TERMS, to += BLOCK) packBlock(x + k * step + j, step, terms - k, SIDE, to);
  }
}

/// A [rows, terms], row beside row → blocks [rows / 16, terms / 32].
VECTORS void packTurned(const float* x, int64_t step, int64_t rows, int64_t terms, uint32_t* to) {
  const Tiles& plain = tiles(Precision::float32);
  alignas(64) uint32_t block[BLOCK];
  for (int64_t i = 0; i < rows; i += SIDE) {
    for (int64_t k = 0; k < terms; k += TERMS, to += BLOCK) {
      packBlock(x + k * step + i, step, terms - k, rows - i, block);
      plain.transpose(reinterpret_cast<float*>(block), SIDE, SIDE, reinterpret_cast<float*>(to), SIDE);
    }
  }
}

#endif

/// Rounds the factors to float32 and multiplies them; factors packed in blocks are rounded anew.
void productOfRounded(const Product& p, std::vector<float>& memory) {
  const bool rounds = !multipliesBfloat16();
  const int64_t ofA = p.rows * p.inner, ofB = p.inner * p.columns;
  Scratch scratch(memory, padded(ofA) + ofB, 2);
  Product of = p;
  of.a = {packedOr(rounds ? p.a.packed : nullptr, scratch.take(ofA),
                   [&](float* to) { roundLeft(p.a, p.rows, p.inner, to); }),
          p.inner, 1};
  of.b = {packedOr(rounds ? p.b.packed : nullptr, scratch.take(ofB),
                   [&](float* to) { roundRight(p.b, p.inner, p.columns, to); }),
          p.columns};
  tiles(Precision::float32).product(of);
}

}  // namespace

bool multipliesBfloat16() {
#ifdef BLOCKS
  static const bool does = hasTiles() || hasFastPairs();
  return does;
#else
  return false;
#endif
}

int64_t packedSizeInBfloat16(int64_t lines, int64_t inner) {
#ifdef BLOCKS
  if (multipliesBfloat16()) return blocksOf(lines, SIDE) * blocksOf(inner, TERMS) * BLOCK;
#endif
  return lines * inner;
}

void packLeftInBfloat16(const Left& a, int64_t rows, int64_t inner, float* to) {
#ifdef BLOCKS
  if (multipliesBfloat16()) {
    auto* blocks = reinterpret_cast<uint32_t*>(to);
    return a.column == 1 ? packRows(a.x, a.row, rows, inner, blocks) : packTurned(a.x, a.column, rows, inner, blocks);
  }
#endif
  roundLeft(a, rows, inner, to);
}

void packRightInBfloat16(const Right& b, int64_t inner, int64_t columns, float* to) {
#ifdef BLOCKS
  if (multipliesBfloat16()) return packColumns(b.x, b.row, inner, columns, reinterpret_cast<uint32_t*>(to));
#endif
  roundRight(b, inner, columns, to);
}

void productInBfloat16(const Product& p) {
  if (isFew(p)) return tiles(Precision::float32).product(p);
  thread_local std::vector<float> memory;
#ifdef BLOCKS
  if (multipliesBfloat16() && (p.a.packed || p.a.column == 1 || p.a.row == 1)) {
    const int64_t ofA = packedSizeInBfloat16(p.rows, p.inner), ofB = packedSizeInBfloat16(p.columns, p.inner);
    Scratch scratch(memory, ofA + ofB + SIDE * p.columns, 3);
    const float* a = packedOr(p.a.packed, scratch.take(ofA),
                              [&](float* to) { packLeftInBfloat16(p.a, p.rows, p.inner, to); });
    const float* b = packedOr(p.b.packed, scratch.take(ofB),
                              [&](float* to) { packRightInBfloat16(p.b, p.inner, p.columns, to); });
    const auto blocks = [](const float* packed) { return reinterpret_cast<const uint32_t*>(packed); };
    const Blocks in = {blocks(a), blocks(b), blocksOf(p.inner, TERMS)};
    return hasTiles() ? productByTiles(p, in, scratch.take(SIDE * p.columns)) : productByPairs(p, in);
  }
#endif
  productOfRounded(p, memory);
}

}  // namespace automlp
