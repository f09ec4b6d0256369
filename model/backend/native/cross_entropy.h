// Cross-entropy of softmax over many items at many rows, without the matrix of all their logits.
#pragma once
#include <cstdint>

namespace automlp {

/// Softmax(items h + bias), each row's own item among the items or apart from them, and its gradients, scaled.
struct CrossEntropy {
  int64_t rows, items, dim;
  const float* h;      // [rows, dim]
  const float* table;  // [items, dim]
  const float* bias;   // [items], or none
  float scale;
  /// [rows]: each row's own item among the items, or −1 where a row does not count. Where own items are apart, their ids.
  const int32_t* right;

  // Where own items are among the items, or none.
  const int32_t* shifted;      // items whose logits are shifted at some rows, those of the first row first
  const int32_t* shiftedEnds;  // [rows]: where each row's end
  float shift;

  // Of own items that are apart, else none.
  const float* own;          // [rows, dim]
  const float* ownBias;      // [rows]
  const int32_t* tableIds;   // [items]: an item that is the row's own does not count for it

  float* loss;    // [rows], not scaled
  float* dh;      // [rows, dim], or none: then the losses are all that is asked for
  float* dTable;  // [items, dim]
  float* dBias;   // [items]
  float *dOwn, *dOwnBias;  // [rows, dim] and [rows], or none
};

void crossEntropy(const CrossEntropy& o);

}  // namespace automlp
