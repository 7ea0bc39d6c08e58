#include "policy/compile/cells.h"

#include <algorithm>
#include <map>

namespace selvage::policy {
namespace {

/// At `at` a range of `predicate` begins (delta 1) or has just ended (delta -1).
struct Edge {
  IpAddress at;
  PredicateId predicate = 0;
  int delta = 0;
};

/// Collects edges. The end of a range that reaches the highest address has no edge.
class Edges {
 public:
  explicit Edges(PredicateId predicate, std::vector<Edge>& edges) : predicate_(predicate), edges_(edges) {}
  void add(const IpAddress& first, const IpAddress& last) {
    edges_.push_back({first, predicate_, 1});
    if (last != IpAddress::highest(last.family())) edges_.push_back({last.next(), predicate_, -1});
  }

 private:
  PredicateId predicate_;
  std::vector<Edge>& edges_;
};

/// Adds the ranges of `block` that no except covers.
void add_block(const IpBlock& block, Edges& edges) {
  std::vector<IpPrefix> holes = block.except;
  std::sort(holes.begin(), holes.end());
  IpAddress from = block.cidr.first();
  for (const auto& hole : holes) {
    if (hole.family() != block.cidr.family() || hole.last() < from) continue;
    if (from < hole.first()) edges.add(from, hole.first().previous());
    if (hole.last() >= block.cidr.last()) return;
    from = hole.last().next();
  }
  edges.add(from, block.cidr.last());
}

std::vector<Edge> edges_of(const std::vector<CellInput>& lists, IpFamily family) {
  std::vector<Edge> edges;
  for (const auto& list : lists) {
    Edges collector(list.predicate, edges);
    for (const auto& block : *list.blocks) {
      if (block.cidr.family() == family) add_block(block, collector);
    }
  }
  std::sort(edges.begin(), edges.end(), [](const Edge& a, const Edge& b) { return a.at < b.at; });
  return edges;
}

/// Appends [first, last] with the predicates in `open`, or lengthens the cell before it.
void append(std::vector<Cell>& cells, const IpRange& range, const std::map<PredicateId, int>& open) {
  if (open.empty()) return;
  PredicateIds predicates;
  predicates.reserve(open.size());
  for (const auto& entry : open) predicates.push_back(entry.first);
  if (!cells.empty() && cells.back().predicates == predicates && cells.back().range.last.next() == range.first) {
    cells.back().range.last = range.last;
  } else {
    cells.push_back({range, std::move(predicates)});
  }
}

}  // namespace

std::vector<Cell> cut_into_cells(const std::vector<CellInput>& lists, IpFamily family) {
  const std::vector<Edge> edges = edges_of(lists, family);
  std::vector<Cell> cells;
  std::map<PredicateId, int> open;  // how many ranges of each predicate cover the place
  for (std::size_t i = 0; i < edges.size();) {
    const IpAddress at = edges[i].at;
    for (; i < edges.size() && edges[i].at == at; ++i) {
      const auto it = open.try_emplace(edges[i].predicate, 0).first;
      it->second += edges[i].delta;
      // Edges at one address come in any order, so a count may pass through zero or below: only a
      // zero after all of them ends the range (checked after the loop).
    }
    std::erase_if(open, [](const auto& entry) { return entry.second == 0; });
    const IpAddress last = i < edges.size() ? edges[i].at.previous() : IpAddress::highest(family);
    append(cells, {at, last}, open);
  }
  return cells;
}

namespace {

/// Walks cells in address order; between two there is a gap without predicates.
class CellWalk {
 public:
  explicit CellWalk(const std::vector<Cell>& cells) : cell_(cells.data()), end_(cells.data() + cells.size()) {}

  /// The predicates at `at`, nullptr in a gap. Calls come with growing addresses.
  const PredicateIds* at(const IpAddress& address) {
    while (cell_ != end_ && cell_->range.last < address) ++cell_;
    return cell_ != end_ && cell_->range.first <= address ? &cell_->predicates : nullptr;
  }
  /// The last address for which the answer of `at(address)` holds.
  [[nodiscard]] IpAddress holds_until(const IpAddress& address) const {
    if (cell_ == end_) return IpAddress::highest(address.family());
    return cell_->range.first <= address ? cell_->range.last : cell_->range.first.previous();
  }

 private:
  const Cell* cell_;
  const Cell* end_;
};

bool equal(const PredicateIds* a, const PredicateIds* b) { return a == nullptr || b == nullptr ? a == b : *a == *b; }

}  // namespace

std::vector<IpRange> differing_ranges(const std::vector<Cell>& before, const std::vector<Cell>& after) {
  std::vector<IpRange> ranges;
  if (before.empty() && after.empty()) return ranges;
  const IpFamily family = (before.empty() ? after : before).front().range.first.family();
  CellWalk old_walk(before);
  CellWalk new_walk(after);
  for (IpAddress from = IpAddress::zero(family);;) {
    const bool differs = !equal(old_walk.at(from), new_walk.at(from));
    const IpAddress until = std::min(old_walk.holds_until(from), new_walk.holds_until(from));
    if (differs) ranges.push_back({from, until});
    if (until == IpAddress::highest(family)) return ranges;
    from = until.next();
  }
}

const PredicateIds* find_cell(const std::vector<Cell>& cells, const IpAddress& address) {
  const auto after = std::upper_bound(cells.begin(), cells.end(), address,
                                      [](const IpAddress& a, const Cell& cell) { return a < cell.range.first; });
  if (after == cells.begin()) return nullptr;
  const Cell& cell = *std::prev(after);
  return address <= cell.range.last ? &cell.predicates : nullptr;
}

}  // namespace selvage::policy
