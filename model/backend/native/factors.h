// Factors that many products of an operation have, as weights are: packed once, where products pack their factors.
#pragma once
#include <deque>
#include <vector>

#include "tiles.h"

namespace automlp {

/// Those of one operation. What they are packed into stays with the thread, for the next operation.
class Factors {
 public:
  Factors() : first_(taken()) {}
  ~Factors() { taken() = first_; }
  Factors(const Factors&) = delete;
  Factors& operator=(const Factors&) = delete;

  /// A [rows, inner], with its rows or its columns without gaps.
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
  /// How many rooms of this thread are in use.
  static size_t& taken() {
    thread_local size_t taken = 0;
    return taken;
  }

  size_t first_;
};

}  // namespace automlp
