// Factors shared by many products of an operation, such as weights. If products pack their factors, these are packed only once.
#pragma once
#include <deque>
#include <vector>

#include "tiles.h"

namespace automlp {

/// The shared factors of one operation. The memory they are packed into stays with the thread for the next operation.
class Factors {
 public:
  Factors() : first_(taken()) {}
  ~Factors() { taken() = first_; }
  Factors(const Factors&) = delete;
  Factors& operator=(const Factors&) = delete;

  /// A [rows, inner], whose rows or columns are contiguous.
  Left left(Left a, int64_t rows, int64_t inner) {
    if (float* room = take(rows, inner)) {
      tiles().packLeft(a, rows, inner, room);
      a.packed = room;
    }
    return a;
  }
  /// B [inner, columns].
  Right right(Right b, int64_t inner, int64_t columns) {
    if (float* room = take(columns, inner)) {
      tiles().packRight(b, inner, columns, room);
      b.packed = room;
    }
    return b;
  }

 private:
  static float* take(int64_t lines, int64_t inner) {
    const int64_t size = tiles().packedSize(lines, inner);
    if (size == 0) return nullptr;
    thread_local std::deque<std::vector<float>> rooms;
    if (rooms.size() == taken()) rooms.emplace_back();
    return Scratch(rooms[taken()++], size, 1).take(size);
  }
  /// Number of this thread's buffers that are in use.
  static size_t& taken() {
    thread_local size_t taken = 0;
    return taken;
  }

  size_t first_;
};

}  // namespace automlp
