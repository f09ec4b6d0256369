// Self-attention and its gradient: queries, keys and values are computed, and the heads attend, while the whole sequence is in
// the cache. The gradient computes queries, keys, values and weights again, and draws again what is dropped.
#include <algorithm>
#include <cmath>

#include "attention_rows.h"
#include "factors.h"
#include "op.h"
#include "parallel.h"
#include "tiles.h"

namespace automlp {
namespace {

/// Maximum number of pieces into which the sequences are divided; it does not depend on the number of threads.
constexpr int64_t PIECES = 16;
/// Limit of the numbers in sequences that are handled together.
constexpr int64_t GROUPED = 1 << 15;
/// Number of a causal head's queries that are handled together: keys newer than the newest of them are left out.
constexpr int64_t BLOCK = PAD;

struct Sizes {
  int64_t length, batch, dim, heads, width;  // width = dim / heads
  int64_t wide, broad, high;                 // width, dim and length, padded
  int64_t side() const { return heads * wide; }  // numbers per position, of all heads
  int64_t grain() const { return (batch + PIECES - 1) / PIECES; }
  int64_t pieces() const { return (batch + grain() - 1) / grain(); }
  /// Number of sequences in a group: neighbors are read together, as long as they fit into the cache.
  int64_t group() const { return std::max<int64_t>(1, std::min(grain(), GROUPED / (high * broad))); }
};

/// What the queries of one head see: the positions from the first one that is not padding.
struct Window {
  int64_t count;       // positions
  const float* shown;  // [high]: 1 or 0 for each position, or null if all are shown
  bool causal;
  float scale;
  const Draw* draw;  // or null
  uint32_t row;      // the position of the first weight among all, and the step from query to query
  uint32_t rowStep;
  int64_t block() const { return causal ? BLOCK : std::max<int64_t>(count, 1); }
  /// Number of keys that queries up to `to` see, padded.
  int64_t columns(int64_t to) const { return padded(causal ? to : count); }
  ScoreRows rows(int64_t from, int64_t to, int64_t step) const {
    return {to - from, step, columns(to), causal ? from + 1 : count, causal ? 1 : 0, scale};
  }
  /// Drops weights of queries `from` to `to`, if anything is dropped; `weights` begins with query 0.
  void dropRows(float* weights, int64_t from, int64_t to, int64_t step) const {
    if (!draw) return;
    for (int64_t t = from; t < to; ++t) {
      drop(weights + t * step, columns(to), *draw, row + static_cast<uint32_t>(t) * rowStep);
    }
  }
};

/// Sequences that are handled together, with the first position of each.
struct Group {
  int64_t first;
  std::vector<int64_t> begins;
  int64_t size() const { return static_cast<int64_t>(begins.size()); }
};

/// Layout of a row in a tile: parts, each padded.
struct Row {
  int64_t parts, width, wide;
  int64_t step() const { return parts * wide; }
};

/// The inputs that the forward pass and the gradient share, starting at input `first`.
struct Inputs {
  Tensor x, wq, wk, wv, seed, ids, queries;
  bool apart;  // queries are computed from another tensor than keys and values
  Sizes n{};
  const int32_t* id = nullptr;
  Draw draw;
  bool dropping, causal;
  Inputs(const Attributes& attributes, Call& call, int first)
      : x(call.input(first)),
        wq(call.input(first + 1)),
        wk(call.input(first + 2)),
        wv(call.input(first + 3)),
        seed(call.input(first + 4)),
        ids(call.input(first + 5)),
        queries(call.input(call.inputs() > first + 6 ? first + 6 : first)),
        apart(call.inputs() > first + 6),
        draw(attributes.number, seed.data<int32_t>()[0]),
        dropping(attributes.number > 0),
        causal(attributes.flag) {}

  bool refused(const Attributes& attributes, Call& call) {
    const std::vector<int64_t> shape = x.shape();
    if (call.refused(shape.size() == 3 && x.size() > 0 && queries.shape() == shape,
                     "attention: x and queries are not of one shape [T, B, D], or empty"))
      return true;
    const int64_t dim = shape[2], heads = attributes.count;
    const std::vector<int64_t> square{dim, dim};
    if (call.refused(wq.shape() == square && wk.shape() == square && wv.shape() == square && ids.size() == shape[0] * shape[1],
                     "attention: the shapes do not fit") ||
        call.refused(heads > 0 && dim % heads == 0, "attention: the heads do not divide the channels"))
      return true;
    const int64_t width = dim / heads;
    n = {shape[0], shape[1], dim, heads, width, padded(width), padded(dim), padded(shape[0])};
    id = ids.data<int32_t>();
    return false;
  }

  bool real(int64_t position, int64_t sequence) const { return id[position * n.batch + sequence] != 0; }

  /// Each sequence's first position that is not padding; `length` if there is none.
  Group group(int64_t first, int64_t end) const {
    Group group{first, {}};
    for (int64_t sequence = first; sequence < end; ++sequence) {
      int64_t position = 0;
      while (position < n.length && !real(position, sequence)) ++position;
      group.begins.push_back(position);
    }
    return group;
  }
  Row whole() const { return {1, n.dim, n.broad}; }
  Row heads() const { return {n.heads, n.width, n.wide}; }

  /// Some sequences one after the other, [sequence, high, step of a row], each from its first position on; 0 for padding and behind
  /// the last. Position by position, since neighbouring sequences lie together.
  void pack(const float* from, const Group& group, const Row& row, float* to) const {
    const int64_t step = row.step(), size = n.high * step;
    for (int64_t t = 0; t < n.length; ++t) {
      const float* x = from + (t * n.batch + group.first) * n.dim;
      for (int64_t i = 0; i < group.size(); ++i, x += n.dim) {
        const int64_t place = t - group.begins[i];
        if (place < 0) continue;
        float* y = to + i * size + place * step;
        if (real(t, group.first + i)) {
          automlp::pack(x, row.parts, row.width, y, row.wide);
        } else {
          std::fill(y, y + step, 0.0f);
        }
      }
    }
    for (int64_t i = 0; i < group.size(); ++i) {
      std::fill(to + i * size + (n.length - group.begins[i]) * step, to + (i + 1) * size, 0.0f);
    }
  }

  /// The reverse; 0 before the first position.
  void unpack(const float* from, const Group& group, const Row& row, float* to) const {
    const int64_t step = row.step(), size = n.high * step;
    for (int64_t t = 0; t < n.length; ++t) {
      float* y = to + (t * n.batch + group.first) * n.dim;
      for (int64_t i = 0; i < group.size(); ++i, y += n.dim) {
        const int64_t place = t - group.begins[i];
        if (place < 0) {
          std::fill(y, y + n.dim, 0.0f);
        } else {
          automlp::unpack(from + i * size + place * step, row.parts, row.width, row.wide, y);
        }
      }
    }
  }

  /// Whether there is padding after a sequence's first position; `shown` tells where.
  bool holes(int64_t sequence, int64_t begin, float* shown) const {
    bool found = false;
    for (int64_t t = begin; t < n.length; ++t) {
      shown[t - begin] = real(t, sequence) ? 1.0f : 0.0f;
      found = found || !real(t, sequence);
    }
    return found;
  }

  Window window(int64_t sequence, int64_t head, int64_t begin, const float* shown) const {
    const int64_t row = ((sequence * n.heads + head) * n.length + begin) * n.length + begin;
    return {n.length - begin,
            shown,
            causal,
            1.0f / std::sqrt(static_cast<float>(n.width)),
            dropping ? &draw : nullptr,
            static_cast<uint32_t>(row),
            static_cast<uint32_t>(n.length)};
  }
};

/// [dim, side]: the matrix that turns rows of x into rows of all heads, side by side.
Right packColumns(const Sizes& n, const float* w, float* to, Factors& factors) {
  for (int64_t h = 0; h < n.heads; ++h) {
    packTransposed(w + h * n.width * n.dim, n.width, n.dim, to + h * n.wide, n.side());
  }
  return factors.right({to, n.side()}, n.dim, n.side());
}

/// [side, broad]: the matrix that turns gradients of all heads' rows into gradients of rows of x.
Right packRows(const Sizes& n, const float* w, float* to, Factors& factors) {
  for (int64_t h = 0; h < n.heads; ++h) {
    pack(w + h * n.width * n.dim, n.width, n.dim, to + h * n.wide * n.broad, n.broad);
  }
  return factors.right({to, n.broad}, n.side(), n.broad);
}

void unpackRows(const Sizes& n, const float* from, float* w) {
  for (int64_t h = 0; h < n.heads; ++h) {
    unpack(from + h * n.wide * n.broad, n.width, n.dim, n.broad, w + h * n.width * n.dim);
  }
}

/// [count, side] = x [count, broad] times columns [dim, side].
void project(const Sizes& n, const float* x, const Right& columns, float* to, int64_t count) {
  tiles().product({{x, n.broad, 1}, columns, to, n.side(), count, n.dim, n.side()});
  std::fill(to + count * n.side(), to + padded(count) * n.side(), 0.0f);
}

/// The weights of queries `from` to `to` of one head, before dropping. `keys` [wide, high] are columns.
void weigh(const Sizes& n, const Window& w, const float* q, const float* keys, float* weights, int64_t from, int64_t to) {
  float* rows = weights + from * n.high;
  tiles().product({{q + from * n.side(), n.side(), 1}, {keys, n.high}, rows, n.high, to - from, n.width, w.columns(to)});
  const auto hideRows = [&](float value) {
    for (int64_t t = from; t < to; ++t) {
      float* row = weights + t * n.high;
      hide(row, w.columns(to), w.shown, value);
      if (value == 0.0f && w.shown[t] == 0.0f) std::fill(row, row + w.columns(to), 0.0f);
    }
  };
  if (w.shown) hideRows(UNSEEN);
  softmaxRows(rows, w.rows(from, to, n.high));
  if (w.shown) hideRows(0.0f);
}

void attention(const Attributes& attributes, Call& call) {
  Inputs in(attributes, call, 0);
  if (in.refused(attributes, call)) return;
  const Sizes& n = in.n;
  const Tensor output = call.output(0, in.x.shape());
  float* y = output.data();
  const Tiles& run = tiles();
  const int64_t side = n.side(), filter = n.dim * side;
  thread_local std::vector<float> kept;
  Scratch whole(kept, 3 * filter, 3);
  Factors factors;
  const auto columnsOf = [&](const Tensor& w) { return packColumns(n, w.data(), whole.take(filter, 0), factors); };
  const Right wq = columnsOf(in.wq), wk = columnsOf(in.wk), wv = columnsOf(in.wv);
  Pool::get().run(n.batch, n.group(), [&](int64_t first, int64_t end) {
    const Group group = in.group(first, end);
    const int64_t whole = n.high * n.broad, part = n.high * side, count = end - first;
    thread_local std::vector<float> memory;
    Scratch scratch(memory, count * (2 * whole + part) + 4 * part + (n.high + 1) * n.high, 9);
    float *xs = scratch.take(count * whole), *asking = in.apart ? scratch.take(count * whole) : xs;
    float *out = scratch.take(count * part), *q = scratch.take(part), *k = scratch.take(part), *v = scratch.take(part),
          *keys = scratch.take(part), *weights = scratch.take(n.high * n.high), *hidden = scratch.take(n.high);
    in.pack(in.x.data(), group, in.whole(), xs);
    if (in.apart) in.pack(in.queries.data(), group, in.whole(), asking);
    for (int64_t i = 0; i < count; ++i) {
      const int64_t begin = group.begins[i], places = n.length - begin;
      project(n, asking + i * whole, wq, q, places);
      project(n, xs + i * whole, wk, k, places);
      project(n, xs + i * whole, wv, v, places);
      run.transpose(k, padded(places), side, keys, n.high);
      const float* shown = in.holes(first + i, begin, hidden) ? hidden : nullptr;
      for (int64_t head = 0; head < n.heads; ++head) {
        const Window w = in.window(first + i, head, begin, shown);
        const int64_t at = head * n.wide;
        for (int64_t from = 0; from < places; from += w.block()) {
          const int64_t to = std::min(from + w.block(), places);
          weigh(n, w, q + at, keys + at * n.high, weights, from, to);
          w.dropRows(weights, from, to, n.high);
          run.product({{weights + from * n.high, n.high, 1}, {v + at, side}, out + i * part + from * side + at, side, to - from,
                       w.causal ? to : places, n.wide});
        }
      }
    }
    in.unpack(out, group, in.heads(), y);
  });
}

void attentionGrad(const Attributes& attributes, Call& call) {
  Inputs in(attributes, call, 1);
  const Tensor dOut = call.input(0);
  if (in.refused(attributes, call)) return;
  if (call.refused(dOut.shape() == in.x.shape(), "attentionGrad: dy has another shape")) return;
  const Sizes& n = in.n;
  const std::vector<int64_t> square{n.dim, n.dim};
  const Tensor dX = call.output(0, in.x.shape()), dQ = call.output(1, square), dK = call.output(2, square),
               dV = call.output(3, square), dQueries = call.output(4, in.apart ? in.x.shape() : std::vector<int64_t>{0});
  const Tiles& run = tiles();
  const int64_t side = n.side(), filter = n.dim * side, back = side * n.broad, size = 3 * back;
  thread_local std::vector<float> kept;
  Scratch whole(kept, 3 * filter + 3 * back + n.pieces() * size, 7);
  Factors factors;
  const auto columnsOf = [&](const Tensor& w) { return packColumns(n, w.data(), whole.take(filter, 0), factors); };
  const auto rowsOf = [&](const Tensor& w) { return packRows(n, w.data(), whole.take(back, 0), factors); };
  const Right wq = columnsOf(in.wq), wk = columnsOf(in.wk), wv = columnsOf(in.wv);
  const Right backQ = rowsOf(in.wq), backK = rowsOf(in.wk), backV = rowsOf(in.wv);
  float* sums = whole.take(n.pieces() * size, 0);
  Pool::get().run(n.batch, n.grain(), [&](int64_t begin, int64_t finish) {
    float *sumQ = sums + begin / n.grain() * size, *sumK = sumQ + back, *sumV = sumK + back;
    const int64_t whole = n.high * n.broad, part = n.high * side;
    thread_local std::vector<float> memory;
    Scratch scratch(memory, n.group() * (4 * whole + part) + 8 * part + (2 * n.high + 1) * n.high, 16);
    float *xs = scratch.take(n.group() * whole), *asking = in.apart ? scratch.take(n.group() * whole) : xs,
          *dxs = scratch.take(n.group() * whole), *dAsking = in.apart ? scratch.take(n.group() * whole) : dxs,
          *outs = scratch.take(n.group() * part, 0);
    float *q = scratch.take(part), *k = scratch.take(part), *v = scratch.take(part), *keys = scratch.take(part),
          *values = scratch.take(part), *dq = scratch.take(part), *dk = scratch.take(part), *dv = scratch.take(part),
          *weights = scratch.take(n.high * n.high), *d = scratch.take(n.high * n.high), *hidden = scratch.take(n.high);
    for (int64_t first = begin; first < finish; first += n.group()) {
      const Group group = in.group(first, std::min(first + n.group(), finish));
      in.pack(in.x.data(), group, in.whole(), xs);
      if (in.apart) in.pack(in.queries.data(), group, in.whole(), asking);
      in.pack(dOut.data(), group, in.heads(), outs);
      for (int64_t i = 0; i < group.size(); ++i) {
        const int64_t start = group.begins[i], places = n.length - start;
        const float *x = xs + i * whole, *xq = asking + i * whole, *o = outs + i * part;
        project(n, xq, wq, q, places);
        project(n, x, wk, k, places);
        project(n, x, wv, v, places);
        run.transpose(k, padded(places), side, keys, n.high);
        run.transpose(v, padded(places), side, values, n.high);
        const float* shown = in.holes(first + i, start, hidden) ? hidden : nullptr;
        for (int64_t head = 0; head < n.heads; ++head) {
          const Window w = in.window(first + i, head, start, shown);
          const int64_t at = head * n.wide;
          for (int64_t from = 0; from < places; from += w.block()) {
            const int64_t to = std::min(from + w.block(), places);
            weigh(n, w, q + at, keys + at * n.high, weights, from, to);
            run.product({{o + from * side + at, side, 1}, {values + at * n.high, n.high}, d + from * n.high, n.high, to - from,
                         n.width, w.columns(to)});
            w.dropRows(d, from, to, n.high);
            softmaxRowsGrad(weights + from * n.high, d + from * n.high, w.rows(from, to, n.high));
            w.dropRows(weights, from, to, n.high);
            run.product({{d + from * n.high, n.high, 1}, {k + at, side}, dq + from * side + at, side, to - from,
                         w.causal ? to : places, n.wide});
          }
          // Of keys and values: from the first query that sees them on.
          for (int64_t key = 0; key < places; key += w.block()) {
            const int64_t from = w.causal ? key : 0, rows = std::min(w.block(), places - key);
            const auto ofKeys = [&](const float* matrix, const float* queries, float* to) {
              run.product({{matrix + from * n.high + key, 1, n.high}, {queries + from * side + at, side}, to + key * side + at,
                           side, rows, places - from, n.wide});
            };
            ofKeys(weights, o, dv);
            ofKeys(d, q, dk);
          }
        }
        const auto give = [&](const float* gradient, const Right& w, float* to, Start how) {
          run.product({{gradient, side, 1}, w, to + i * whole, n.broad, places, side, n.broad, how});
        };
        give(dq, backQ, dAsking, Start::zero);
        give(dk, backK, dxs, in.apart ? Start::zero : Start::sum);
        give(dv, backV, dxs, Start::sum);
        const auto sumUp = [&](const float* gradient, const float* rows, float* sum) {
          run.product({{gradient, 1, side}, {rows, n.broad}, sum, n.broad, side, places, n.broad, Start::sum});
        };
        sumUp(dq, xq, sumQ);
        sumUp(dk, x, sumK);
        sumUp(dv, x, sumV);
      }
      in.unpack(dxs, group, in.whole(), dX.data());
      if (in.apart) in.unpack(dAsking, group, in.whole(), dQueries.data());
    }
  });
  addPieces(sums, n.pieces(), size);
  unpackRows(n, sums, dQ.data());
  unpackRows(n, sums + back, dK.data());
  unpackRows(n, sums + 2 * back, dV.data());
}

OPERATION(attentionOperation, "AutomlpAttention",
          LIST("x: float", "wq: float", "wk: float", "wv: float", "seed: int32", "ids: int32", "queries: N * float"),
          LIST("y: float"), LIST("count: int", "flag: bool", "number: float", "N: int >= 0"), attention);
OPERATION(attentionGradOperation, "AutomlpAttentionGrad",
          LIST("dy: float", "x: float", "wq: float", "wk: float", "wv: float", "seed: int32", "ids: int32",
               "queries: N * float"),
          LIST("dx: float", "d_wq: float", "d_wk: float", "d_wv: float", "d_queries: float"),
          LIST("count: int", "flag: bool", "number: float", "N: int >= 0"), attentionGrad);

}  // namespace
}  // namespace automlp
