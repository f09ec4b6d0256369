// Runs a loop on all cores: a few permanent threads each take the next piece until none is left.
#pragma once
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <functional>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "precision.h"

namespace automlp {

/// Threads that share loops. The calling thread works as well, so a pool of n has n − 1 workers.
class Pool {
 public:
  static Pool& get() {
    // Never destroyed: a worker may still wait when the process ends.
    static Pool* pool = new Pool();
    return *pool;
  }

  /// Calls body(begin, end) for the pieces [0, grain), [grain, 2·grain) … of 0 … n − 1; returns when all are done. The
  /// pieces do not depend on the number of threads, so that a sum by pieces gives the same bits on one core as on ten.
  /// An exception of a piece, on any thread, is thrown here once the other pieces are done.
  void run(int64_t n, int64_t grain, const std::function<void(int64_t, int64_t)>& body) {
    if (n <= grain || workers_ == 0) {
      for (int64_t begin = 0; begin < n; begin += grain) body(begin, begin + grain < n ? begin + grain : n);
      return;
    }
    std::lock_guard<std::mutex> turn(turn_);
    const int64_t pieces = (n + grain - 1) / grain;
    body_ = &body;
    n_ = n;
    grain_ = grain;
    precision_ = precision();
    undone_.store(pieces, std::memory_order_relaxed);
    left_.store(pieces, std::memory_order_release);
    {
      std::lock_guard<std::mutex> lock(mutex_);
      round_.fetch_add(1, std::memory_order_release);
    }
    wake_.notify_all();
    work();
    // This waits for pieces that a worker has begun, not for workers: on a busy machine they may come late. The rest of
    // a piece is too short to be worth a sleep.
    while (undone_.load(std::memory_order_acquire) > 0) std::this_thread::yield();
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
  }

 private:
  Pool() {
    const char* text = std::getenv("TF_NUM_INTRAOP_THREADS");
    const int asked = text ? std::atoi(text) : 0;
    const int threads = asked > 0 ? asked : static_cast<int>(std::thread::hardware_concurrency());
    try {
      for (; workers_ < threads - 1; ++workers_) std::thread([this] { loop(); }).detach();
    } catch (const std::system_error&) {
      // The system allows no more threads: those that exist share the work.
    }
  }

  void work() {
    for (;;) {
      // Between two rounds no piece is left, so a worker that comes late reads nothing that is being set here.
      const int64_t piece = left_.fetch_sub(1, std::memory_order_acq_rel) - 1;
      if (piece < 0) return;
      const int64_t begin = piece * grain_;
      precision() = precision_;
      try {
        (*body_)(begin, begin + grain_ < n_ ? begin + grain_ : n_);
      } catch (...) {
        std::lock_guard<std::mutex> lock(mutex_);
        failure_ = std::current_exception();
      }
      undone_.fetch_sub(1, std::memory_order_release);
    }
  }

  void loop() {
    uint64_t seen = 0;
    for (;;) {
      // A step is a chain of short kernels: the next round usually begins within microseconds.
      for (int spin = 0; spin < 2000 && round_.load(std::memory_order_acquire) == seen; ++spin) relax();
      if (round_.load(std::memory_order_acquire) == seen) {
        std::unique_lock<std::mutex> lock(mutex_);
        wake_.wait(lock, [&] { return round_.load(std::memory_order_acquire) != seen; });
      }
      seen = round_.load(std::memory_order_acquire);
      work();
    }
  }

  static void relax() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#else
    std::this_thread::yield();
#endif
  }

  int workers_ = 0;
  std::mutex turn_, mutex_;
  std::condition_variable wake_;
  std::atomic<uint64_t> round_{0};
  std::atomic<int64_t> left_{0}, undone_{0};  // number of pieces not taken yet, and of pieces not done yet
  const std::function<void(int64_t, int64_t)>* body_ = nullptr;
  int64_t n_ = 0, grain_ = 1;
  Precision precision_ = Precision::float32;  // of the calling thread
  std::exception_ptr failure_;  // exception of a piece of this round
};

}  // namespace automlp
