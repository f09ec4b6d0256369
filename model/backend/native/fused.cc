// TensorFlow operations that go over memory once where a chain of its own would go several times. They are registered
// through TensorFlow's C interface when this library is loaded.
#include <cmath>
#include <cstring>
#include <memory>

#include "parallel.h"
#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"
#include "tensorflow/c/tf_tensor.h"

// One build serves every processor of the kind: the loader takes the widest version of each function that it can run.
#if defined(__x86_64__) && defined(__GNUC__)
#define WIDEST __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define WIDEST
#endif
#define INLINE static inline __attribute__((always_inline))

namespace {
using automlp::Pool;

// ---- Arithmetic on ranges ----------------------------------------------------------------------------------------

/// e^x for x ≤ 0, relative error about 2e-7; 0 below −87.
INLINE float expNegative(float x) {
  x = x < -87.0f ? -87.0f : x;
  const float k = __builtin_rintf(x * 1.44269504f);
  const float r = (x - k * 0.693359375f) + k * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  const int32_t bits = (static_cast<int32_t>(k) + 127) << 23;
  float scale;
  std::memcpy(&scale, &bits, 4);
  return p * scale;
}

/// GELU and its slope. Φ by Abramowitz and Stegun 7.1.26 (error 1.5e-7), which shares its exponential with the density.
INLINE void geluOf(float x, float& y, float& slope) {
  const float z = __builtin_fabsf(x) * 0.70710678f;
  const float e = expNegative(-z * z);
  const float t = 1.0f / (1.0f + 0.3275911f * z);
  const float tail = 0.5f * e * t *
      (0.254829592f + t * (-0.284496736f + t * (1.421413741f + t * (-1.453152027f + t * 1.061405429f))));
  const float cdf = x < 0.0f ? tail : 1.0f - tail;
  y = x * cdf;
  slope = cdf + x * 0.39894228f * e;
}

WIDEST void geluRange(const float* x, float* y, float* slope, int64_t n) {
  for (int64_t i = 0; i < n; ++i) geluOf(x[i], y[i], slope[i]);
}
WIDEST void normRows(const float* x, float* y, float* r, int64_t rows, int64_t d, float epsilon) {
  for (int64_t i = 0; i < rows; ++i, x += d, y += d) {
    float sum = 0;
    for (int64_t j = 0; j < d; ++j) sum += x[j];
    const float mean = sum / d;
    float square = 0;
    for (int64_t j = 0; j < d; ++j) square += (x[j] - mean) * (x[j] - mean);
    const float scale = 1.0f / std::sqrt(square / d + epsilon);
    for (int64_t j = 0; j < d; ++j) y[j] = (x[j] - mean) * scale;
    r[i] = scale;
  }
}
WIDEST void normRowsGrad(const float* dy, const float* y, const float* r, float* dx, int64_t rows, int64_t d) {
  for (int64_t i = 0; i < rows; ++i, dy += d, y += d, dx += d) {
    float sum = 0, dot = 0;
    for (int64_t j = 0; j < d; ++j) sum += dy[j], dot += dy[j] * y[j];
    const float mean = sum / d, slope = dot / d, scale = r[i];
    for (int64_t j = 0; j < d; ++j) dx[j] = scale * (dy[j] - mean - y[j] * slope);
  }
}

struct Context {
  TF_OpKernelContext* c; TF_Status* s = TF_NewStatus();
  TF_Tensor* held[16]; int n = 0;
  ~Context() { for (int i = 0; i < n; ++i) TF_DeleteTensor(held[i]); TF_DeleteStatus(s); }
  TF_Tensor* in(int i) { TF_Tensor* t = nullptr; TF_GetInput(c, i, &t, s); return held[n++] = t; }
  float* out(int i, TF_Tensor* like) {
    int64_t dims[8]; int k = TF_NumDims(like); for (int j = 0; j < k; ++j) dims[j] = TF_Dim(like, j);
    return out(i, dims, k);
  }
  float* out(int i, const int64_t* dims, int k) {
    int64_t size = 4; for (int j = 0; j < k; ++j) size *= dims[j];
    TF_Tensor* t = TF_AllocateOutput(c, i, TF_FLOAT, dims, k, size, s); held[n++] = t;
    return static_cast<float*>(TF_TensorData(t));
  }
};
const float* data(TF_Tensor* t) { return static_cast<const float*>(TF_TensorData(t)); }

void gelu(void*, TF_OpKernelContext* c) {
  Context k{c}; TF_Tensor* x = k.in(0); const float* px = data(x); float* y = k.out(0, x); float* s = k.out(1, x);
  Pool::get().run(TF_TensorElementCount(x), 16384, [=](int64_t a, int64_t b) { geluRange(px + a, y + a, s + a, b - a); });
}
void norm(void*, TF_OpKernelContext* c) {
  Context k{c}; TF_Tensor* x = k.in(0); int64_t d = TF_Dim(x, TF_NumDims(x) - 1), rows = TF_TensorElementCount(x) / d;
  const float* px = data(x); float* y = k.out(0, x); float* r = k.out(1, &rows, 1);
  Pool::get().run(rows, 16384 / d, [=](int64_t a, int64_t b) { normRows(px + a * d, y + a * d, r + a, b - a, d, 1e-5f); });
}
void normGrad(void*, TF_OpKernelContext* c) {
  Context k{c}; TF_Tensor* dy = k.in(0); TF_Tensor* y = k.in(1); TF_Tensor* r = k.in(2); int64_t d = TF_Dim(dy, TF_NumDims(dy) - 1), rows = TF_TensorElementCount(dy) / d;
  float* dx = k.out(0, dy);
  const float *a1 = data(dy), *a2 = data(y), *a3 = data(r);
  Pool::get().run(rows, 16384 / d, [=](int64_t a, int64_t b) { normRowsGrad(a1 + a * d, a2 + a * d, a3 + a, dx + a * d, b - a, d); });
}
void op(const char* name, int in, int out, void (*f)(void*, TF_OpKernelContext*)) {
  TF_Status* s = TF_NewStatus();
  auto* o = TF_NewOpDefinitionBuilder(name);
  const char* ins[] = {"a: float", "b: float", "c: float"}; const char* outs[] = {"x: float", "y: float"};
  for (int i = 0; i < in; ++i) TF_OpDefinitionBuilderAddInput(o, ins[i]);
  for (int i = 0; i < out; ++i) TF_OpDefinitionBuilderAddOutput(o, outs[i]);
  TF_OpDefinitionBuilderSetShapeInferenceFunction(o, [](TF_ShapeInferenceContext* c, TF_Status* s) { TF_ShapeInferenceContextSetUnknownShape(c, s); });
  TF_RegisterOpDefinition(o, s);
  auto* b = TF_NewKernelBuilder(name, "CPU", nullptr, f, nullptr);
  TF_RegisterKernelBuilder(name, b, s);
  TF_DeleteStatus(s);
}
__attribute__((constructor)) void init() { op("AutomlpGelu", 1, 2, gelu); op("AutomlpNorm", 1, 2, norm); op("AutomlpNormGrad", 3, 1, normGrad); }
}  // namespace
