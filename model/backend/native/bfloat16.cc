// Factors are packed in blocks of 16 by 16 pairs, as AMX takes them, a pair being two terms of a sum in 32 bits: of A a row has
// 16 pairs, one after another, of B a row has a pair of each of 16 columns.
#include "bfloat16.h"

#include <cstring>

#include "op.h"

#if defined(__x86_64__) && defined(__linux__) && (__GNUC__ >= 11 || __clang_major__ >= 12)
#define AMX
#include <cpuid.h>
#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace automlp {
namespace {

/// Products of fewer rows or terms are left as float32.
constexpr int64_t FEW = 16;

/// The nearest bfloat16; of two that are as near, the even one.
INLINE float rounded(float x) {
  uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  const uint32_t even = (bits + 0x7fff + (bits >> 16 & 1)) & 0xffff0000;
  bits = x == x ? even : bits;  // NaN stays
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

/// A factor as it was packed before, or else packed now.
template <typename Pack>
const float* packedOr(const float* packed, float* room, Pack pack) {
  if (packed) return packed;
  pack(room);
  return room;
}

bool isFew(const Product& p) { return p.rows < FEW || p.inner < FEW; }

#ifdef AMX
#define VECTORS __attribute__((target("avx512f,avx512bw,avx512bf16")))
#define TILES __attribute__((target("avx512f,avx512bw,avx512bf16,amx-tile,amx-bf16")))

/// Rows, pairs and columns of a block; terms of its sums; what it holds.
constexpr int64_t SIDE = 16, TERMS = 2 * SIDE, BLOCK = SIDE * SIDE;
/// Bytes from row to row of a packed block.
constexpr int64_t STEP = SIDE * sizeof(uint32_t);

inline int64_t blocksOf(int64_t n, int64_t size) { return (n + size - 1) / size; }

/// The first so many of 16.
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

struct Packed {
  const uint32_t *a, *b;
  int64_t deep;  // blocks of terms
};

/// M by N blocks, at most 2 by 2: the registers hold eight blocks.
template <int M, int N>
TILES void blocks(const Product& p, const Packed& in, int64_t row, int64_t column) {
  float* c = p.c + row * p.cRow + column;
  const int64_t step = p.cRow * static_cast<int64_t>(sizeof(float));
  // Where the sums begin: a line that is the same in each row has a step of 0.
  alignas(64) static const float nothing[SIDE] = {};
  alignas(64) float bias[M][BLOCK];
  const float* from[2] = {nothing, nothing};
  int64_t fromStep = 0, next = 0;
  if (p.start == Start::biasOfColumn) {
    from[0] = from[1] = p.bias + column, next = SIDE;
  } else if (p.start == Start::sum) {
    from[0] = c, from[1] = c + SIDE * p.cRow, fromStep = step, next = SIDE;
  } else if (p.start == Start::biasOfRow) {
    for (int m = 0; m < M; ++m) {
      for (int64_t i = 0; i < SIDE; ++i) {
        _mm512_store_ps(bias[m] + i * SIDE, _mm512_set1_ps(p.bias[std::min(row + m * SIDE + i, p.rows - 1)]));
      }
      from[m] = bias[m];
    }
    fromStep = STEP;
  }
  _tile_loadd(0, from[0], fromStep);
  if constexpr (N == 2) _tile_loadd(1, from[0] + next, fromStep);
  if constexpr (M == 2) _tile_loadd(2, from[1], fromStep);
  if constexpr (M == 2 && N == 2) _tile_loadd(3, from[1] + next, fromStep);
  const uint32_t *a = in.a + row / SIDE * in.deep * BLOCK, *b = in.b + column / SIDE * in.deep * BLOCK;
  for (int64_t k = 0; k < in.deep; ++k, a += BLOCK, b += BLOCK) {
    _tile_loadd(4, a, STEP);
    _tile_loadd(6, b, STEP);
    _tile_dpbf16ps(0, 4, 6);
    if constexpr (N == 2) _tile_loadd(7, b + in.deep * BLOCK, STEP);
    if constexpr (N == 2) _tile_dpbf16ps(1, 4, 7);
    if constexpr (M == 2) _tile_loadd(5, a + in.deep * BLOCK, STEP);
    if constexpr (M == 2) _tile_dpbf16ps(2, 5, 6);
    if constexpr (M == 2 && N == 2) _tile_dpbf16ps(3, 5, 7);
  }
  _tile_stored(0, c, step);
  if constexpr (N == 2) _tile_stored(1, c + SIDE, step);
  if constexpr (M == 2) _tile_stored(2, c + SIDE * p.cRow, step);
  if constexpr (M == 2 && N == 2) _tile_stored(3, c + SIDE * p.cRow + SIDE, step);
}

template <int M>
TILES void blocksOfRow(const Product& p, const Packed& in, int64_t row) {
  int64_t column = 0;
  for (; column + 2 * SIDE <= p.columns; column += 2 * SIDE) blocks<M, 2>(p, in, row, column);
  if (column < p.columns) blocks<M, 1>(p, in, row, column);
}

/// What AMX is told of its registers: eight of 16 rows of 64 bytes.
struct alignas(64) TileConfig {
  uint8_t palette = 1, start = 0, reserved[14] = {};
  uint16_t bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
  uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};

/// `edge` [16, columns] is room for rows that fill no block.
TILES void productOfBlocks(const Product& p, const Packed& in, float* edge) {
  static const TileConfig config;
  _tile_loadconfig(&config);
  int64_t row = 0;
  for (; row + 2 * SIDE <= p.rows; row += 2 * SIDE) blocksOfRow<2>(p, in, row);
  for (; row + SIDE <= p.rows; row += SIDE) blocksOfRow<1>(p, in, row);
  if (row < p.rows) {
    const auto copy = [&](const float* from, int64_t fromRow, float* to, int64_t toRow) {
      for (int64_t i = 0; i < p.rows - row; ++i) std::copy_n(from + i * fromRow, p.columns, to + i * toRow);
    };
    float* c = p.c + row * p.cRow;
    if (p.start == Start::sum) copy(c, p.cRow, edge, p.columns);
    Product last = p;
    last.c = edge - row * p.columns, last.cRow = p.columns;
    blocksOfRow<1>(last, in, row);
    copy(edge, p.columns, c, p.cRow);
  }
  _tile_release();
}
#endif

/// Factors that were packed for another processor are none of these, and are rounded anew.
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
#ifdef AMX
  static const bool does = [] {
    const auto has = [](unsigned leaf, unsigned which, int place) {
      unsigned registers[4] = {};
      return __get_cpuid_count(7, leaf, registers, registers + 1, registers + 2, registers + 3) && (registers[which] >> place & 1);
    };
    const bool bfloat16 = has(1, 0, 5), amxBfloat16 = has(0, 3, 22), amxTile = has(0, 3, 24);
    if (!__builtin_cpu_supports("avx512bw") || !bfloat16 || !amxBfloat16 || !amxTile) return false;
    // The registers are large: the system gives them to who asks for them.
    constexpr int ARCH_REQ_XCOMP_PERM = 0x1023, XFEATURE_XTILEDATA = 18;
    return syscall(SYS_arch_prctl, ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA) == 0;
  }();
  return does;
#else
  return false;
#endif
}

int64_t packedSizeInBfloat16(int64_t lines, int64_t inner) {
#ifdef AMX
  if (multipliesBfloat16()) return blocksOf(lines, SIDE) * blocksOf(inner, TERMS) * BLOCK;
#endif
  return lines * inner;
}

void packLeftInBfloat16(const Left& a, int64_t rows, int64_t inner, float* to) {
#ifdef AMX
  if (multipliesBfloat16()) {
    auto* blocks = reinterpret_cast<uint32_t*>(to);
    return a.column == 1 ? packRows(a.x, a.row, rows, inner, blocks) : packTurned(a.x, a.column, rows, inner, blocks);
  }
#endif
  roundLeft(a, rows, inner, to);
}

void packRightInBfloat16(const Right& b, int64_t inner, int64_t columns, float* to) {
#ifdef AMX
  if (multipliesBfloat16()) return packColumns(b.x, b.row, inner, columns, reinterpret_cast<uint32_t*>(to));
#endif
  roundRight(b, inner, columns, to);
}

void productInBfloat16(const Product& p) {
  if (isFew(p)) return tiles(Precision::float32).product(p);
  thread_local std::vector<float> memory;
#ifdef AMX
  if (multipliesBfloat16() && (p.a.packed || p.a.column == 1 || p.a.row == 1)) {
    const int64_t ofA = packedSizeInBfloat16(p.rows, p.inner), ofB = packedSizeInBfloat16(p.columns, p.inner);
    Scratch scratch(memory, ofA + ofB + SIDE * p.columns, 3);
    const float* a = packedOr(p.a.packed, scratch.take(ofA),
                              [&](float* to) { packLeftInBfloat16(p.a, p.rows, p.inner, to); });
    const float* b = packedOr(p.b.packed, scratch.take(ofB),
                              [&](float* to) { packRightInBfloat16(p.b, p.inner, p.columns, to); });
    const auto blocks = [](const float* packed) { return reinterpret_cast<const uint32_t*>(packed); };
    return productOfBlocks(p, {blocks(a), blocks(b), blocksOf(p.inner, TERMS)}, scratch.take(SIDE * p.columns));
  }
#endif
  productOfRounded(p, memory);
}

}  // namespace automlp
