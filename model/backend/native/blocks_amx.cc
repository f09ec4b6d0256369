// Products of blocks with AMX, each of whose registers holds a block.
#include "blocks.h"

#ifdef BLOCKS
#include <cpuid.h>
#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace automlp {
namespace {

#define TILES __attribute__((target("avx512f,avx512bw,avx512bf16,amx-tile,amx-bf16")))

/// Bytes from row to row of a packed block.
constexpr int64_t STEP = SIDE * sizeof(uint32_t);

/// M by N blocks, at most 2 by 2: the registers hold eight blocks.
template <int M, int N>
TILES void blocks(const Product& p, const Blocks& in, int64_t row, int64_t column) {
  float* c = p.c + row * p.cRow + column;
  const int64_t step = p.cRow * static_cast<int64_t>(sizeof(float));
  // The initial sums: a line that is the same for each row has a step of 0.
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
TILES void blocksOfRow(const Product& p, const Blocks& in, int64_t row) {
  int64_t column = 0;
  for (; column + 2 * SIDE <= p.columns; column += 2 * SIDE) blocks<M, 2>(p, in, row, column);
  if (column < p.columns) blocks<M, 1>(p, in, row, column);
}

/// AMX's configuration: eight registers of 16 rows of 64 bytes.
struct alignas(64) TileConfig {
  uint8_t palette = 1, start = 0, reserved[14] = {};
  uint16_t bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
  uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};

}  // namespace

TILES void productByTiles(const Product& p, const Blocks& in, float* edge) {
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

bool hasTiles() {
  static const bool has = [] {
    const auto bit = [](unsigned leaf, unsigned which, int place) {
      unsigned registers[4] = {};
      return __get_cpuid_count(7, leaf, registers, registers + 1, registers + 2, registers + 3) && (registers[which] >> place & 1);
    };
    const bool bfloat16 = bit(1, 0, 5), amxBfloat16 = bit(0, 3, 22), amxTile = bit(0, 3, 24);
    if (!__builtin_cpu_supports("avx512bw") || !bfloat16 || !amxBfloat16 || !amxTile) return false;
    // The registers are large: a process has to request them from the system.
    constexpr int ARCH_REQ_XCOMP_PERM = 0x1023, XFEATURE_XTILEDATA = 18;
    return syscall(SYS_arch_prctl, ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA) == 0;
  }();
  return has;
}

}  // namespace automlp
#endif
