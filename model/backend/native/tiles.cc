// The functions of tile.h, compiled for each kind of processor.
#include "tiles.h"

#include <cmath>
#include <cstring>

#include "bfloat16.h"
#include "gelu.h"
#include "parallel.h"

namespace automlp {
namespace {

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define CHOICE
namespace v4 {
#define LANES 16
#define TARGET __attribute__((target("arch=x86-64-v4")))
#include "tile.h"
#undef LANES
#undef TARGET
}  // namespace v4
namespace v3 {
#define LANES 8
#define TARGET __attribute__((target("arch=x86-64-v3")))
#include "tile.h"
#undef LANES
#undef TARGET
}  // namespace v3
#endif

namespace common {
#if defined(__AVX512F__)
#define LANES 16
#elif defined(__AVX__)
#define LANES 8
#else
#define LANES 4
#endif
#define TARGET
#include "tile.h"
}  // namespace common

}  // namespace

static const Tiles& widest() {
#ifdef CHOICE
  static const Tiles& widest = __builtin_cpu_supports("x86-64-v4")   ? v4::TILES
                               : __builtin_cpu_supports("x86-64-v3") ? v3::TILES
                                                                     : common::TILES;
  return widest;
#else
  return common::TILES;
#endif
}

const Tiles& tiles(Precision precision) {
  static const Tiles inBfloat16 = [] {
    Tiles tiles = widest();
    tiles.product = productInBfloat16;
    tiles.packedSize = packedSizeInBfloat16;
    tiles.packLeft = packLeftInBfloat16;
    tiles.packRight = packRightInBfloat16;
    return tiles;
  }();
  return precision == Precision::bfloat16 ? inBfloat16 : widest();
}

void pack(const float* x, int64_t rows, int64_t columns, float* y, int64_t step) {
  for (int64_t i = 0; i < rows; ++i) std::copy(x + i * columns, x + (i + 1) * columns, y + i * step);
}

void unpack(const float* x, int64_t rows, int64_t columns, int64_t step, float* y) {
  for (int64_t i = 0; i < rows; ++i) std::copy(x + i * step, x + i * step + columns, y + i * columns);
}

void packTransposed(const float* x, int64_t rows, int64_t columns, float* y, int64_t step) {
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t j = 0; j < columns; ++j) y[j * step + i] = x[i * columns + j];
  }
}

void unpackTransposed(const float* x, int64_t rows, int64_t columns, int64_t step, float* y) {
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t j = 0; j < columns; ++j) y[j * rows + i] = x[i * step + j];
  }
}

void addPieces(float* sums, int64_t pieces, int64_t size) {
  Pool::get().run(size, 1024, [=](int64_t begin, int64_t end) {
    for (int64_t piece = 1; piece < pieces; ++piece) {
      tiles().add(sums + piece * size + begin, sums + begin, end - begin);
    }
  });
}

}  // namespace automlp
