// The inner loops of tiles.h for one kind of processor: included once for each, with LANES and TARGET defined.

/// Numbers that the processor processes at once.
typedef float Vector __attribute__((vector_size(4 * LANES)));
/// Number of vectors in a row of a block: with 4 rows, the sums fill most of the registers.
#if LANES == 16 || defined(__aarch64__)
constexpr int COLUMNS = 4;
#else
constexpr int COLUMNS = 2;
#endif

/// Loads the vector that begins at any number, aligned or not; and stores it.
TARGET static inline Vector at(const float* x) {
  Vector vector;
  std::memcpy(&vector, x, sizeof vector);
  return vector;
}
TARGET static inline void put(float* x, const Vector& vector) { std::memcpy(x, &vector, sizeof vector); }

/// M rows and N vectors of a product; the sums stay in registers. An element's sum is the same whatever block it is in.
template <int M, int N>
TARGET static void block(const Product& p, int64_t row, int64_t column) {
  const float* a = p.a.x + row * p.a.row;
  const float* b = p.b.x + column;
  float* c = p.c + row * p.cRow + column;
  Vector sums[M][N];
#pragma GCC unroll 8
  for (int m = 0; m < M; ++m) {
#pragma GCC unroll 4
    for (int n = 0; n < N; ++n) {
      sums[m][n] = p.start == Start::sum            ? at(c + m * p.cRow + n * LANES)
                   : p.start == Start::biasOfColumn ? at(p.bias + column + n * LANES)
                   : p.start == Start::biasOfRow    ? Vector{} + p.bias[row + m]
                                                    : Vector{};
    }
  }
  for (int64_t k = 0; k < p.inner; ++k, b += p.b.row) {
    Vector factors[N];
#pragma GCC unroll 4
    for (int n = 0; n < N; ++n) factors[n] = at(b + n * LANES);
#pragma GCC unroll 8
    for (int m = 0; m < M; ++m) {
      const float factor = a[m * p.a.row + k * p.a.column];
#pragma GCC unroll 4
      for (int n = 0; n < N; ++n) sums[m][n] += factor * factors[n];
    }
  }
#pragma GCC unroll 8
  for (int m = 0; m < M; ++m) {
#pragma GCC unroll 4
    for (int n = 0; n < N; ++n) put(c + m * p.cRow + n * LANES, sums[m][n]);
  }
}

/// All rows of N vectors. Fewer vectors go with more rows per block; otherwise too few sums would be computed at once.
template <int N>
TARGET static void blocks(const Product& p, int64_t column) {
  int64_t row = 0;
  if constexpr (N <= COLUMNS / 2) {
    for (; row + 8 <= p.rows; row += 8) block<8, N>(p, row, column);
  }
  for (; row + 4 <= p.rows; row += 4) block<4, N>(p, row, column);
  if (p.rows - row == 3) return block<3, N>(p, row, column);
  if (p.rows - row == 2) return block<2, N>(p, row, column);
  if (p.rows - row == 1) return block<1, N>(p, row, column);
}

TARGET static void product(const Product& p) {
  int64_t column = 0;
  for (; column + COLUMNS * LANES <= p.columns; column += COLUMNS * LANES) blocks<COLUMNS>(p, column);
  if constexpr (COLUMNS == 4) {
    const int64_t left = (p.columns - column) / LANES;
    if (left == 3) return blocks<3>(p, column);
    if (left == 2) return blocks<2>(p, column);
  }
  for (; column < p.columns; column += LANES) blocks<1>(p, column);
}

// Alternates the numbers of two vectors, from the first or the second half of each.
#if LANES == 16
#define FIRST_HALVES 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define SECOND_HALVES 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#elif LANES == 8
#define FIRST_HALVES 0, 8, 1, 9, 2, 10, 3, 11
#define SECOND_HALVES 4, 12, 5, 13, 6, 14, 7, 15
#else
#define FIRST_HALVES 0, 4, 1, 5
#define SECOND_HALVES 2, 6, 3, 7
#endif
#ifdef __clang__
#define WEAVE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
typedef int32_t Places __attribute__((vector_size(4 * LANES)));
#define WEAVE(a, b, ...) __builtin_shuffle(a, b, Places{__VA_ARGS__})
#endif

TARGET static void transpose(const float* x, int64_t rows, int64_t columns, float* y, int64_t yStep) {
  for (int64_t row = 0; row < rows; row += LANES) {
    for (int64_t column = 0; column < columns; column += LANES) {
      Vector lines[LANES], woven[LANES];
      for (int i = 0; i < LANES; ++i) lines[i] = at(x + (row + i) * columns + column);
      // Weaving all lines as often as it takes to halve their number down to one puts columns where rows were.
#pragma GCC unroll 4
      for (int left = LANES; left > 1; left /= 2) {
#pragma GCC unroll 8
        for (int i = 0; i < LANES / 2; ++i) {
          woven[2 * i] = WEAVE(lines[i], lines[i + LANES / 2], FIRST_HALVES);
          woven[2 * i + 1] = WEAVE(lines[i], lines[i + LANES / 2], SECOND_HALVES);
        }
#pragma GCC unroll 16
        for (int i = 0; i < LANES; ++i) lines[i] = woven[i];
      }
      for (int i = 0; i < LANES; ++i) put(y + (column + i) * yStep + row, lines[i]);
    }
  }
}
#undef FIRST_HALVES
#undef SECOND_HALVES
#undef WEAVE

TARGET static void gelu(float* x, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    float y, slope;
    geluOf(x[i], y, slope);
    x[i] = y;
  }
}

TARGET static void geluGrad(float* __restrict x, float* __restrict dy, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    float y, slope;
    geluOf(x[i], y, slope);
    x[i] = y;
    dy[i] *= slope;
  }
}

/// WIDTH is the width if it is known at compile time, otherwise 0.
template <int WIDTH>
TARGET static void normRows(const Norm& o) {
  const int64_t n = WIDTH ? WIDTH : o.dim;
  const float *__restrict x = o.x, *__restrict gain = o.gain, *__restrict bias = o.bias;
  float* __restrict y = o.y;
  for (int64_t row = 0; row < o.rows; ++row, x += o.xStep, y += o.yStep) {
    float sum = 0;
    for (int64_t i = 0; i < n; ++i) sum += x[i];
    const float mean = sum / n;
    float squares = 0;
    for (int64_t i = 0; i < n; ++i) squares += (x[i] - mean) * (x[i] - mean);
    const float scale = 1.0f / std::sqrt(squares / n + o.epsilon);
    for (int64_t i = 0; i < n; ++i) y[i] = (x[i] - mean) * scale * gain[i] + bias[i];
    o.means[row] = mean;
    o.scales[row] = scale;
  }
}

template <int WIDTH>
TARGET static void normRowsGrad(const NormGrad& o) {
  const int64_t n = WIDTH ? WIDTH : o.dim;
  const float *__restrict x = o.x, *__restrict dy = o.dy, *__restrict gain = o.gain;
  const float *__restrict add = o.add, *__restrict more = o.more;
  float *__restrict dx = o.dx, *__restrict dGain = o.dGain, *__restrict dBias = o.dBias;
  for (int64_t row = 0; row < o.rows; ++row, x += o.xStep, dy += o.dyStep, dx += o.dxStep) {
    const float mean = o.means[row], scale = o.scales[row];
    float sum = 0, dot = 0;
    for (int64_t i = 0; i < n; ++i) {
      const float normal = (x[i] - mean) * scale, d = dy[i] * gain[i];
      sum += d;
      dot += d * normal;
      dGain[i] += dy[i] * normal;
      dBias[i] += dy[i];
    }
    const float level = sum / n, slope = dot / n;
    for (int64_t i = 0; i < n; ++i) {
      dx[i] = scale * (dy[i] * gain[i] - level - (x[i] - mean) * scale * slope);
    }
    if (add) {
      for (int64_t i = 0; i < n; ++i) dx[i] += add[i];
      add += o.step;
    }
    if (more) {
      for (int64_t i = 0; i < n; ++i) dx[i] += more[i];
      more += o.step;
    }
  }
}

TARGET static void norm(const Norm& o) {
  o.dim == 64 ? normRows<64>(o) : o.dim == 128 ? normRows<128>(o) : normRows<0>(o);
}
TARGET static void normGrad(const NormGrad& o) {
  o.dim == 64 ? normRowsGrad<64>(o) : o.dim == 128 ? normRowsGrad<128>(o) : normRowsGrad<0>(o);
}

TARGET static void add(const float* __restrict x, float* __restrict y, int64_t n) {
  for (int64_t i = 0; i < n; ++i) y[i] += x[i];
}

TARGET static void sum(const Sum& o) {
  // Without padding, the matrix is one long row.
  const bool joined = o.xStep == o.columns;
  const int64_t rows = joined ? 1 : o.rows, n = joined ? o.rows * o.columns : o.columns;
  const float *__restrict x = o.x, *__restrict add = o.add;
  float* __restrict y = o.y;
  for (int64_t row = 0; row < rows; ++row, x += o.xStep, add += n, y += n) {
    for (int64_t i = 0; i < n; ++i) y[i] = x[i] + add[i];
  }
}

TARGET static float total(const float* x, int64_t n) {
  float sum = 0;
  for (int64_t i = 0; i < n; ++i) sum += x[i];
  return sum;
}

static int64_t unpacked(int64_t, int64_t) { return 0; }

static const Tiles TILES{product, unpacked, nullptr, nullptr, transpose, gelu, geluGrad, norm, normGrad, add, sum, total};
