#include "nft/plan/compare.h"

#include <algorithm>
#include <iterator>

#include "nft/text/text.h"
#include "nft/text/text_values.h"

namespace selvage::nft {
namespace {

/// Compares one table and adds to the differences of all.
class TableComparison {
 public:
  TableComparison(const TableKey& table, std::size_t most, Differences& out)
      : table_(table), max_examples_(most), out_(out) {}

  void compare(const Table& have, const Table& want) {
    if (have.ownership != want.ownership) add(ObjectKind::table, Deviation::different, [] { return "its owner"; });
    walk(
        have.sets, want.sets, ObjectKind::set, [](const auto& name) { return name; },
        [this](const std::string& name, const Set& old, const Set& now) { compare_sets(name, old, now); });
    walk(
        have.chains, want.chains, ObjectKind::chain, [](const auto& name) { return name; },
        [this](const std::string& name, const Chain& old, const Chain& now) { compare_chains(name, old, now); });
  }

  template <class Text>
  void add(ObjectKind kind, Deviation deviation, Text text) {
    DifferenceCount& entry = out_[{table_, kind, deviation}];
    if (++entry.count <= max_examples_) entry.examples.push_back(text());
  }

 private:
  /// Walks two sorted maps at once: counts keys that are in one of them only, and passes entries in both to `both`.
  template <class Map, class Text, class Both>
  void walk(const Map& have, const Map& want, ObjectKind kind, Text text, Both both) {
    auto h = have.begin();
    auto w = want.begin();
    while (h != have.end() || w != want.end()) {
      if (w == want.end() || (h != have.end() && h->first < w->first)) {
        add(kind, Deviation::unexpected, [&] { return text_of(text, *h); });
        ++h;
      } else if (h == have.end() || w->first < h->first) {
        add(kind, Deviation::missing, [&] { return text_of(text, *w); });
        ++w;
      } else {
        both(h->first, h->second, w->second);
        ++h, ++w;
      }
    }
  }
  template <class Text, class Entry>
  static std::string text_of(const Text& text, const Entry& entry) {
    if constexpr (std::is_invocable_v<Text, const std::string&>) {
      return text(entry.first);
    } else {
      return text(entry.first, entry.second);
    }
  }

  void compare_sets(const std::string& name, const Set& have, const Set& want) {
    if (have.spec != want.spec) {
      add(ObjectKind::set, Deviation::different, [&] { return name + ": its type, flags, timeout or size"; });
      return;  // its elements have another layout
    }
    if (want.spec.timeout) return;
    const auto element = [&](const ElementKey& key, const ElementData& data) {
      return name + " { " + to_text(want.spec, key, data) + " }";
    };
    walk(have.elements, want.elements, ObjectKind::element, element,
         [&](const ElementKey& key, const ElementData& old, const ElementData& now) {
           if (old == now) return;
           add(ObjectKind::element, Deviation::different, [&] {
             return element(key, old) + (now.verdict ? ", not " + verdict_text(*now.verdict) : std::string());
           });
         });
  }

  void compare_chains(const std::string& name, const Chain& have, const Chain& want) {
    if (have.base != want.base) {
      add(ObjectKind::chain, Deviation::different, [&] { return name + ": its type, hook, priority or policy"; });
    }
    if (have.rules == want.rules) return;
    const auto extra = missing_in(want.rules, have.rules);
    const auto gone = missing_in(have.rules, want.rules);
    for (const Rule* rule : extra) {
      add(ObjectKind::rule, Deviation::unexpected, [&] { return name + ": " + to_text(*rule); });
    }
    for (const Rule* rule : gone) {
      add(ObjectKind::rule, Deviation::missing, [&] { return name + ": " + to_text(*rule); });
    }
    if (extra.empty() && gone.empty()) {
      add(ObjectKind::chain, Deviation::different, [&] { return name + ": the order of its rules"; });
    }
  }

  /// The rules of `rules` that are not in `others` (multiset difference).
  static std::vector<const Rule*> missing_in(const std::vector<Rule>& others, const std::vector<Rule>& rules) {
    const auto before = [](const Rule* a, const Rule* b) { return a->expressions < b->expressions; };
    const auto sorted = [&](const std::vector<Rule>& list) {
      std::vector<const Rule*> pointers;
      for (const Rule& rule : list) pointers.push_back(&rule);
      std::stable_sort(pointers.begin(), pointers.end(), before);
      return pointers;
    };
    const auto left = sorted(rules);
    const auto right = sorted(others);
    std::vector<const Rule*> missing;
    std::set_difference(left.begin(), left.end(), right.begin(), right.end(), std::back_inserter(missing), before);
    return missing;
  }

  const TableKey& table_;
  std::size_t max_examples_;
  Differences& out_;
};

}  // namespace

const char* to_string(ObjectKind kind) {
  switch (kind) {
    case ObjectKind::table:
      return "table";
    case ObjectKind::set:
      return "set";
    case ObjectKind::chain:
      return "chain";
    case ObjectKind::rule:
      return "rule";
    case ObjectKind::element:
      return "element";
  }
  return "element";
}

const char* to_string(Deviation deviation) {
  switch (deviation) {
    case Deviation::missing:
      return "missing";
    case Deviation::unexpected:
      return "unexpected";
    case Deviation::different:
      return "different";
  }
  return "different";
}

Differences compare(const Ruleset& have, const Ruleset& want, std::size_t max_examples) {
  Differences differences;
  const auto whole = [&](const TableKey& key, Deviation deviation) {
    TableComparison(key, max_examples, differences).add(ObjectKind::table, deviation, [] { return "all of it"; });
  };
  for (const auto& [key, table] : want) {
    const auto found = have.find(key);
    if (found == have.end()) {
      whole(key, Deviation::missing);
    } else {
      TableComparison(key, max_examples, differences).compare(found->second, table);
    }
  }
  for (const auto& entry : have) {
    if (want.count(entry.first) == 0) whole(entry.first, Deviation::unexpected);
  }
  return differences;
}

}  // namespace selvage::nft
