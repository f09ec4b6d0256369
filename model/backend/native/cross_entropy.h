// Cross-entropy of softmax over many items at many rows, without the matrix of all their logits.
#pragma once
#include <cstdint>

namespace automlp {

/// Softmax(items h + bias), with each row's own item among the items or separate from them, and its scaled gradients.
struct CrossEntropy {
  int64_t rows, items, dim;
  const float* h;      // [rows, dim]
  const float* table;  // [items, dim]
  const float* bias;   // [items], or null
  float scale;
  /// [rows]: the index of each row's own item, or −1 for a row that does not count. If own items are separate, their ids.
  const int32_t* right;

  // Only if own items are among the items; otherwise null.
  const int32_t* shifted;      // items whose logits are shifted, row by row
  const int32_t* shiftedEnds;  // [rows]: where each row's items end
  float shift;

  // Only if own items are separate; otherwise null.
  const float* own;          // [rows, dim]
  const float* ownBias;      // [rows]
  const int32_t* tableIds;   // [items]: a row's own item is excluded from its other items

  float* loss;    // [rows], not scaled
  float* dh;      // [rows, dim], or null to compute losses only
  float* dTable;  // [items, dim]
  float* dBias;   // [items]
  float *dOwn, *dOwnBias;  // [rows, dim] and [rows], or null
};

void crossEntropy(const CrossEntropy& o);

}  // namespace automlp
