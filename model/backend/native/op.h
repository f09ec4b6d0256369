// A short form of TensorFlow's C interface for operations and kernels.
#pragma once
#include <cstdint>
#include <exception>
#include <initializer_list>
#include <new>
#include <vector>

#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"
#include "tensorflow/c/tf_status.h"
#include "tensorflow/c/tf_tensor.h"

// One build serves every processor of an architecture: the loader chooses the widest version of each function that the processor can run.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define WIDEST __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define WIDEST
#endif
#define INLINE static inline __attribute__((always_inline))

namespace automlp {

/// Number of elements that a thread takes at a time: enough to be worth the hand-over, few enough to stay in its cache.
constexpr int64_t GRAIN = 16384;

/// Number of rows of `width` elements that contain about GRAIN elements.
inline int64_t rowGrain(int64_t width) { return width >= GRAIN ? 1 : GRAIN / (width > 0 ? width : 1); }

/// A tensor that is released with its scope.
class Tensor {
 public:
  explicit Tensor(TF_Tensor* tensor) : tensor_(tensor) {}
  Tensor(Tensor&& other) : tensor_(other.tensor_) { other.tensor_ = nullptr; }
  ~Tensor() {
    if (tensor_) TF_DeleteTensor(tensor_);
  }
  template <typename T = float>
  T* data() const {
    return static_cast<T*>(TF_TensorData(tensor_));
  }
  int64_t size() const { return TF_TensorElementCount(tensor_); }
  std::vector<int64_t> shape() const {
    std::vector<int64_t> dims(TF_NumDims(tensor_));
    for (size_t i = 0; i < dims.size(); ++i) dims[i] = TF_Dim(tensor_, static_cast<int>(i));
    return dims;
  }

 private:
  TF_Tensor* tensor_;
};

/// The tensor as rows: [first, everything else], or [everything else, last].
struct Rows {
  int64_t rows, width;
  Rows(const Tensor& x, bool first) {
    const std::vector<int64_t> shape = x.shape();
    const int64_t edge = shape.empty() ? 1 : first ? shape.front() : shape.back();
    const int64_t rest = edge > 0 ? x.size() / edge : 0;
    rows = first ? edge : rest;
    width = first ? rest : edge;
  }
};

/// The attributes of an operation that a kernel needs.
struct Attributes {
  float number = 0;    // epsilon, rate
  bool first = false;  // the bias runs along the first axis; otherwise along the last
  int64_t count = 1;   // heads, dilation
  bool flag = false;   // causal; ReLU instead of GELU
};

/// Thrown to end a kernel; its call holds the reason.
struct Failed : std::exception {};

/// A running kernel: its inputs, outputs and errors.
class Call {
 public:
  explicit Call(TF_OpKernelContext* context) : context_(context), status_(TF_NewStatus()) {}
  ~Call() { TF_DeleteStatus(status_); }
  int inputs() const { return TF_NumInputs(context_); }
  Tensor input(int i) {
    TF_Tensor* tensor = nullptr;
    TF_GetInput(context_, i, &tensor, status_);
    return Tensor(tensor);
  }
  Tensor output(int i, const std::vector<int64_t>& shape) {
    size_t bytes = sizeof(float);
    for (int64_t n : shape) bytes *= static_cast<size_t>(n);
    Tensor tensor(TF_AllocateOutput(context_, i, TF_FLOAT, shape.data(), static_cast<int>(shape.size()), bytes, status_));
    if (TF_GetCode(status_) != TF_OK) throw Failed();
    return tensor;
  }
  /// Reports an error unless `holds`; returns whether the kernel must return.
  bool refused(bool holds, const char* message) {
    if (holds) return false;
    fail(TF_INVALID_ARGUMENT, message);
    return true;
  }
  void fail(TF_Code code, const char* message) {
    TF_SetStatus(status_, code, message);
    fail();
  }
  void fail() { TF_OpKernelContext_Failure(context_, status_); }

 private:
  TF_OpKernelContext* context_;
  TF_Status* status_;
};

using Kernel = void (*)(const Attributes&, Call&);

/// Registers an operation and its kernel; each file has one static object of it.
struct Register {
  Register(const char* name, std::initializer_list<const char*> inputs, std::initializer_list<const char*> outputs,
           std::initializer_list<const char*> attributes, void* (*create)(TF_OpKernelConstruction*),
           void (*compute)(void*, TF_OpKernelContext*));
};

/// Reads the attributes that the operation has.
void* readAttributes(TF_OpKernelConstruction* construction);

/// Runs `kernel` with the attributes that were read when it was created.
template <Kernel kernel>
void compute(void* attributes, TF_OpKernelContext* context) {
  Call call(context);
  // TensorFlow calls through its C interface, so no exception may leave this function.
  try {
    kernel(*static_cast<const Attributes*>(attributes), call);
  } catch (const Failed&) {
    call.fail();
  } catch (const std::bad_alloc&) {
    call.fail(TF_RESOURCE_EXHAUSTED, "OOM when allocating what an operation works with");
  } catch (const std::exception& error) {
    call.fail(TF_INTERNAL, error.what());
  }
}

}  // namespace automlp

#define OPERATION(id, name, inputs, outputs, attributes, kernel) \
  static const automlp::Register id(name, inputs, outputs, attributes, automlp::readAttributes, automlp::compute<kernel>)
#define LIST(...) {__VA_ARGS__}
