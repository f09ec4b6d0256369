// The arithmetic of the mixers on a tile, for the widest vectors that the processor has.
#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

#include "precision.h"

namespace automlp {

/// Rows of matrices in a tile are padded with zeros to a multiple of this: no vector is longer.
constexpr int64_t PAD = 16;
inline int64_t padded(int64_t n) { return (n + PAD - 1) / PAD * PAD; }

/// What a product is added to: nothing, the content of C, or a bias along the rows or the columns.
enum class Start { zero, sum, biasOfRow, biasOfColumn };

/// The left factor of a product.
struct Left {
  const float* x;
  int64_t row, column;  // step from row to row, and from column to column
  const float* packed = nullptr;
};
/// The right factor of a product, whose columns are contiguous.
struct Right {
  const float* x;
  int64_t row;
  const float* packed = nullptr;
};

/// C = start + A · B. `columns` is a multiple of PAD; A is read one number at a time.
struct Product {
  Left a;
  Right b;
  float* c;
  int64_t cRow;
  int64_t rows, inner, columns;
  Start start = Start::zero;
  const float* bias = nullptr;
};

/// LayerNorm of some rows of `dim` numbers.
struct Norm {
  const float* x;
  int64_t xStep;  // from row to row
  float* y;
  int64_t yStep;
  int64_t rows, dim;
  const float *gain, *bias;
  float *means, *scales;  // [rows]: what the gradient needs
  float epsilon;
};

/// Gradient of LayerNorm: dx from dy; those of gain and bias are added to their previous content.
struct NormGrad {
  const float* dy;
  int64_t dyStep;
  const float* x;
  int64_t xStep;
  float* dx;
  int64_t dxStep;
  int64_t rows, dim;
  const float *gain, *means, *scales;
  float *dGain, *dBias;
  const float *add, *more;  // other gradients of the same rows, or null
  int64_t step;             // from row to row of these
};

/// y = x + add; only the rows of x are padded.
struct Sum {
  const float* x;
  int64_t xStep;
  const float* add;
  float* y;
  int64_t rows, columns;
};

/// The functions for one kind of processor.
struct Tiles {
  void (*product)(const Product&);
  /// Size of a packed factor in numbers, where `lines` are its rows or columns and `inner` the terms of each sum; 0 if products take
  /// factors as they are. Factors shared by many products are packed once: see factors.h.
  int64_t (*packedSize)(int64_t lines, int64_t inner);
  void (*packLeft)(const Left&, int64_t rows, int64_t inner, float* to);
  void (*packRight)(const Right&, int64_t inner, int64_t columns, float* to);
  /// y [columns, yStep] from x [rows, columns], both multiples of PAD.
  void (*transpose)(const float* x, int64_t rows, int64_t columns, float* y, int64_t yStep);
  /// x = GELU(x).
  void (*gelu)(float* x, int64_t n);
  /// x = GELU(x), and dy = dy · GELU′(x).
  void (*geluGrad)(float* x, float* dy, int64_t n);
  void (*norm)(const Norm&);
  void (*normGrad)(const NormGrad&);
  /// y += x.
  void (*add)(const float* x, float* y, int64_t n);
  void (*sum)(const Sum&);
  /// The sum of all.
  float (*total)(const float* x, int64_t n);
};

/// The functions for this processor and a precision.
const Tiles& tiles(Precision precision);
/// The same in this thread's precision.
inline const Tiles& tiles() { return tiles(precision()); }

/// Arrays that each begin at a cache line, taken from memory that is kept from one operation to the next. Their numbers are
/// not initialized.
class Scratch {
 public:
  /// Room for `numbers` in `arrays`.
  Scratch(std::vector<float>& memory, int64_t numbers, int64_t arrays) {
    const auto size = static_cast<size_t>(numbers + (arrays + 1) * PAD);
    if (memory.size() < size) memory.resize(size);
    const auto address = reinterpret_cast<uintptr_t>(memory.data());
    next_ = memory.data() + (64 - address % 64) % 64 / sizeof(float);
  }
  float* take(int64_t n) {
    float* array = next_;
    next_ += padded(n);
    return array;
  }
  float* take(int64_t n, float value) {
    float* array = take(n);
    std::fill(array, array + n, value);
    return array;
  }

 private:
  float* next_;
};

/// Copies rows to a distance of `step`, or back together.
void pack(const float* x, int64_t rows, int64_t columns, float* y, int64_t step);
void unpack(const float* x, int64_t rows, int64_t columns, int64_t step, float* y);
/// The same, transposed: y [columns, rows].
void packTransposed(const float* x, int64_t rows, int64_t columns, float* y, int64_t step);
void unpackTransposed(const float* x, int64_t rows, int64_t columns, int64_t step, float* y);

/// Adds up pieces [pieces, size] into the first one; the result does not depend on the number of threads.
void addPieces(float* sums, int64_t pieces, int64_t size);

}  // namespace automlp
