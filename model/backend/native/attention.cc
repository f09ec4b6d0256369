// Scaled dot-product attention and its gradient: a few sequences at a time, so that no matrix of weights leaves the cache. The
// gradient computes the weights, and draws what is dropped, again.
#include <algorithm>
#include <cmath>

#include "draw.h"
#include "exponential.h"
#include "highest.h"
#include "op.h"
#include "parallel.h"
#include "tiles.h"

namespace automlp {
namespace {

/// Channels that a tile takes from memory: neighbours, as positions lie far apart there.
constexpr int64_t CHANNELS = 256;
/// Queries of a causal head that are handled together: keys newer than the newest of them are left out.
constexpr int64_t BLOCK = PAD;

struct Sizes {
  int64_t length, batch, dim, heads, width;  // width = dim / heads
  int64_t wide, high;                        // width and length, padded
  int64_t head() const { return high * wide; }  // numbers of one head in a tile
  int64_t sequences() const { return std::max<int64_t>(1, CHANNELS / dim); }
};

/// What the queries of one head see, from the first position that is not padding on.
struct Window {
  int64_t count;       // positions
  const float* shown;  // [high]: 1 or 0 for each, or none where all are shown
  bool causal;
  float scale;
  const Draw* draw;  // or none
  uint32_t row;      // the place of the first weight among all, and from query to query
  uint32_t rowStep;
  int64_t keys(int64_t query) const { return causal ? query + 1 : count; }
};

/// Scores → weights of one query: softmax over the keys that it sees, 0 for the others up to `columns`.
WIDEST void softmax(float* __restrict x, int64_t keys, int64_t columns, float scale) {
  const float top = keys > 0 ? highestOf(x, keys) : 0.0f;
  float sum = 0;
  for (int64_t i = 0; i < keys; ++i) {
    x[i] = expNegative((x[i] - top) * scale);
    sum += x[i];
  }
  const float share = sum == 0.0f ? 0.0f : 1.0f / sum;
  for (int64_t i = 0; i < keys; ++i) x[i] *= share;
  for (int64_t i = keys; i < columns; ++i) x[i] = 0;
}

/// Gives the keys that are not shown a value.
WIDEST void hide(float* __restrict x, int64_t keys, const float* __restrict shown, float value) {
  for (int64_t i = 0; i < keys; ++i) x[i] = shown[i] == 0.0f ? value : x[i];
}

WIDEST void drop(float* __restrict x, int64_t n, const Draw& draws, uint32_t from) {
  const Draw draw = draws;
  for (int64_t i = 0; i < n; ++i) x[i] *= factorOf(draw, from + static_cast<uint32_t>(i));
}

/// Of one query, from its weights and their gradient (before dropping): the gradient of its scores in the place of the
/// latter, and the dropped weights in the place of the former.
WIDEST void softmaxGrad(float* __restrict weights, float* __restrict d, int64_t n, float scale, const Draw* draws,
                        uint32_t from) {
  float along = 0;
  if (draws) {
    const Draw draw = *draws;
    for (int64_t i = 0; i < n; ++i) {
      const float factor = factorOf(draw, from + static_cast<uint32_t>(i)), gradient = d[i] * factor;
      along += gradient * weights[i];
      d[i] = gradient;
    }
    for (int64_t i = 0; i < n; ++i) d[i] = weights[i] * (d[i] - along) * scale;
    for (int64_t i = 0; i < n; ++i) weights[i] *= factorOf(draw, from + static_cast<uint32_t>(i));
  } else {
    for (int64_t i = 0; i < n; ++i) along += d[i] * weights[i];
    for (int64_t i = 0; i < n; ++i) d[i] = weights[i] * (d[i] - along) * scale;
  }
}

/// The inputs that forward pass and gradient have in common, from input `first` on: q, k, v, seed, ids.
struct Inputs {
  Tensor q, k, v, seed;
  bool masked;
  Tensor padding;
  Sizes n{};
  const int32_t* ids = nullptr;
  Inputs(Call& call, int first)
      : q(call.input(first)),
        k(call.input(first + 1)),
        v(call.input(first + 2)),
        seed(call.input(first + 3)),
        masked(call.inputs() > first + 4),
        padding(call.input(masked ? first + 4 : first)) {}

  bool refused(const Attributes& attributes, Call& call) {
    const std::vector<int64_t> shape = q.shape();
    if (call.refused(shape.size() == 3 && q.size() > 0 && k.shape() == shape && v.shape() == shape,
                     "attention: q, k and v are not of one shape [T, B, D], or empty"))
      return true;
    const int64_t heads = attributes.count;
    if (call.refused(heads > 0 && shape[2] % heads == 0, "attention: the heads do not divide the channels")) return true;
    const int64_t width = shape[2] / heads;
    n = {shape[0], shape[1], shape[2], heads, width, padded(width), padded(shape[0])};
    if (!masked) return false;
    ids = padding.data<int32_t>();
    return call.refused(padding.size() == n.length * n.batch, "attention: ids have another shape than q");
  }

  bool real(int64_t position, int64_t sequence) const { return !ids || ids[position * n.batch + sequence] != 0; }

  /// The first position of a sequence that is not padding; `length` where there is none.
  int64_t begin(int64_t sequence) const {
    int64_t position = 0;
    while (position < n.length && !real(position, sequence)) ++position;
    return position;
  }

  /// Some sequences' heads one after the other, [sequence, head, high, wide], each from its first position on; 0 for padding.
  void pack(const float* x, int64_t first, const std::vector<int64_t>& begins, float* to) const {
    for (int64_t t = 0; t < n.length; ++t) {
      for (size_t i = 0; i < begins.size(); ++i) {
        const int64_t sequence = first + static_cast<int64_t>(i), row = t - begins[i];
        if (row < 0) continue;
        const float* from = x + (t * n.batch + sequence) * n.dim;
        float* head = to + static_cast<int64_t>(i) * n.heads * n.head() + row * n.wide;
        for (int64_t h = 0; h < n.heads; ++h, from += n.width, head += n.head()) {
          if (real(t, sequence)) {
            std::copy(from, from + n.width, head);
          } else {
            std::fill(head, head + n.width, 0.0f);
          }
        }
      }
    }
    // Rows behind the last are left from another sequence: transposed, they would stand among the keys.
    for (size_t i = 0; i < begins.size(); ++i) {
      for (int64_t h = 0; h < n.heads; ++h) {
        float* head = to + (static_cast<int64_t>(i) * n.heads + h) * n.head();
        std::fill(head + (n.length - begins[i]) * n.wide, head + n.head(), 0.0f);
      }
    }
  }

  /// And back; 0 before the first position.
  void unpack(const float* from, int64_t first, const std::vector<int64_t>& begins, float* x) const {
    for (int64_t t = 0; t < n.length; ++t) {
      for (size_t i = 0; i < begins.size(); ++i) {
        float* to = x + (t * n.batch + first + static_cast<int64_t>(i)) * n.dim;
        const int64_t row = t - begins[i];
        const float* head = from + static_cast<int64_t>(i) * n.heads * n.head() + row * n.wide;
        if (row < 0) {
          std::fill(to, to + n.dim, 0.0f);
        } else {
          for (int64_t h = 0; h < n.heads; ++h, to += n.width, head += n.head()) std::copy(head, head + n.width, to);
        }
      }
    }
  }

  /// What the queries of a head see; `shown` is written where there is padding behind the first position.
  Window window(const Attributes& attributes, int64_t sequence, int64_t head, int64_t begin, float* shown,
                const Draw* draw) const {
    bool holes = false;
    for (int64_t t = begin; t < n.length; ++t) {
      shown[t - begin] = real(t, sequence) ? 1.0f : 0.0f;
      holes = holes || !real(t, sequence);
    }
    const int64_t row = ((sequence * n.heads + head) * n.length + begin) * n.length + begin;
    return {n.length - begin,
            holes ? shown : nullptr,
            attributes.flag,
            1.0f / std::sqrt(static_cast<float>(n.width)),
            draw,
            static_cast<uint32_t>(row),
            static_cast<uint32_t>(n.length)};
  }
};

/// The weights of queries `from` to `to`, before dropping, in the rows of `weights`.
void weigh(const Sizes& n, const Window& w, const float* q, const float* keys, float* weights, int64_t from, int64_t to,
           int64_t columns) {
  const Tiles& run = tiles();
  run.product({q + from * n.wide, n.wide, 1, keys, n.high, weights + from * n.high, n.high, to - from, n.width, columns});
  for (int64_t query = from; query < to; ++query) {
    float* row = weights + query * n.high;
    const int64_t keys = w.shown && w.shown[query] == 0.0f ? 0 : w.keys(query);
    // So low that they count for nothing in the sum, and nothing at all behind it.
    if (w.shown) hide(row, keys, w.shown, -3.0e38f);
    softmax(row, keys, columns, w.scale);
    if (w.shown) hide(row, keys, w.shown, 0.0f);
  }
}

void attention(const Attributes& attributes, Call& call) {
  Inputs in(call, 0);
  if (in.refused(attributes, call)) return;
  const Sizes& n = in.n;
  const Tensor output = call.output(0, in.q.shape());
  const Draw draw(attributes.number, in.seed.data<int32_t>()[0]);
  const Draw* drawn = attributes.number > 0 ? &draw : nullptr;
  float* y = output.data();
  const Tiles& run = tiles();
  Pool::get().run(n.batch, n.sequences(), [&](int64_t first, int64_t end) {
    const int64_t all = (end - first) * n.heads * n.head();
    thread_local std::vector<float> memory;
    Scratch scratch(memory, 3 * all + n.head() + (n.high + 1) * n.high, 6);
    float *q = scratch.take(all, 0), *k = scratch.take(all, 0), *v = scratch.take(all, 0);
    float *keys = scratch.take(n.head()), *weights = scratch.take(n.high * n.high), *shown = scratch.take(n.high);
    std::vector<int64_t> begins;
    for (int64_t sequence = first; sequence < end; ++sequence) begins.push_back(in.begin(sequence));
    in.pack(in.q.data(), first, begins, q);
    in.pack(in.k.data(), first, begins, k);
    in.pack(in.v.data(), first, begins, v);
    for (int64_t i = 0; i < (end - first) * n.heads; ++i) {
      const int64_t at = i * n.head();
      const Window w = in.window(attributes, first + i / n.heads, i % n.heads, begins[i / n.heads], shown, drawn);
      run.transpose(k + at, padded(w.count), n.wide, keys, n.high);
      const int64_t block = w.causal ? BLOCK : w.count;
      for (int64_t from = 0; from < w.count; from += block) {
        const int64_t to = std::min(from + block, w.count), columns = padded(w.causal ? to : w.count);
        weigh(n, w, q + at, keys, weights, from, to, columns);
        if (w.draw) {
          for (int64_t t = from; t < to; ++t) {
            drop(weights + t * n.high, columns, draw, w.row + static_cast<uint32_t>(t) * w.rowStep);
          }
        }
        // The queries are not needed any more.
        run.product({weights + from * n.high, n.high, 1, v + at, n.wide, q + at + from * n.wide, n.wide, to - from,
                     w.causal ? to : w.count, n.wide});
      }
    }
    in.unpack(q, first, begins, y);
  });
}

void attentionGrad(const Attributes& attributes, Call& call) {
  Inputs in(call, 1);
  const Tensor dOut = call.input(0);
  if (in.refused(attributes, call)) return;
  if (call.refused(dOut.shape() == in.q.shape(), "attentionGrad: dy has another shape")) return;
  const Sizes& n = in.n;
  const Tensor dQ = call.output(0, in.q.shape()), dK = call.output(1, in.q.shape()), dV = call.output(2, in.q.shape());
  const Draw draw(attributes.number, in.seed.data<int32_t>()[0]);
  const Draw* drawn = attributes.number > 0 ? &draw : nullptr;
  const Tiles& run = tiles();
  Pool::get().run(n.batch, n.sequences(), [&](int64_t first, int64_t end) {
    const int64_t all = (end - first) * n.heads * n.head();
    thread_local std::vector<float> memory;
    Scratch scratch(memory, 4 * all + 2 * n.head() + (2 * n.high + 1) * n.high, 9);
    float *q = scratch.take(all, 0), *k = scratch.take(all, 0), *v = scratch.take(all, 0), *o = scratch.take(all, 0);
    float *keys = scratch.take(n.head()), *values = scratch.take(n.head()), *weights = scratch.take(n.high * n.high),
          *d = scratch.take(n.high * n.high), *shown = scratch.take(n.high);
    std::vector<int64_t> begins;
    for (int64_t sequence = first; sequence < end; ++sequence) begins.push_back(in.begin(sequence));
    in.pack(in.q.data(), first, begins, q);
    in.pack(in.k.data(), first, begins, k);
    in.pack(in.v.data(), first, begins, v);
    in.pack(dOut.data(), first, begins, o);
    for (int64_t i = 0; i < (end - first) * n.heads; ++i) {
      const int64_t at = i * n.head();
      const Window w = in.window(attributes, first + i / n.heads, i % n.heads, begins[i / n.heads], shown, drawn);
      run.transpose(k + at, padded(w.count), n.wide, keys, n.high);
      run.transpose(v + at, padded(w.count), n.wide, values, n.high);
      const int64_t block = w.causal ? BLOCK : w.count;
      for (int64_t from = 0; from < w.count; from += block) {
        const int64_t to = std::min(from + block, w.count), columns = padded(w.causal ? to : w.count);
        weigh(n, w, q + at, keys, weights, from, to, columns);
        run.product({o + at + from * n.wide, n.wide, 1, values, n.high, d + from * n.high, n.high, to - from, n.width,
                     columns});
        for (int64_t t = from; t < to; ++t) {
          softmaxGrad(weights + t * n.high, d + t * n.high, columns, w.scale, w.draw,
                      w.row + static_cast<uint32_t>(t) * w.rowStep);
        }
      }
      // Each result goes where what it does not need any more was: dv over v, dk over dy, dq over q.
      const auto ofKeys = [&](const float* matrix, const float* rows, float* to) {
        for (int64_t key = 0; key < w.count; key += block) {
          const int64_t from = w.causal ? key : 0;  // the first query that sees the key
          run.product({matrix + from * n.high + key, 1, n.high, rows + at + from * n.wide, n.wide, to + at + key * n.wide,
                       n.wide, std::min(block, w.count - key), w.count - from, n.wide});
        }
      };
      ofKeys(weights, o, v);
      ofKeys(d, q, o);
      for (int64_t from = 0; from < w.count; from += block) {
        const int64_t to = std::min(from + block, w.count);
        run.product({d + from * n.high, n.high, 1, k + at, n.wide, q + at + from * n.wide, n.wide, to - from,
                     w.causal ? to : w.count, n.wide});
      }
    }
    in.unpack(q, first, begins, dQ.data());
    in.unpack(o, first, begins, dK.data());
    in.unpack(v, first, begins, dV.data());
  });
}

OPERATION(attentionOperation, "AutomlpAttention",
          LIST("q: float", "k: float", "v: float", "seed: int32", "ids: N * int32"), LIST("y: float"),
          LIST("count: int", "flag: bool", "number: float", "N: int >= 0"), attention);
OPERATION(attentionGradOperation, "AutomlpAttentionGrad",
          LIST("dy: float", "q: float", "k: float", "v: float", "seed: int32", "ids: N * int32"),
          LIST("dq: float", "dk: float", "dv: float"), LIST("count: int", "flag: bool", "number: float", "N: int >= 0"),
          attentionGrad);

}  // namespace
}  // namespace automlp
