#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "nft/model/table.h"

namespace selvage::nft {

enum class ObjectKind : std::uint8_t { table, set, chain, rule, element };
enum class Deviation : std::uint8_t {
  missing,     ///< desired, but absent
  unexpected,  ///< present, but not desired
  different,   ///< present with another verdict, specification, owner or order of rules
};
/// "table", "set", "chain", "rule", "element".
[[nodiscard]] const char* to_string(ObjectKind kind);
/// "missing", "unexpected", "different".
[[nodiscard]] const char* to_string(Deviation deviation);

/// One kind of difference in one table.
struct DifferenceKey {
  TableKey table;
  ObjectKind kind = ObjectKind::table;
  Deviation deviation = Deviation::missing;
  friend auto operator<=>(const DifferenceKey&, const DifferenceKey&) = default;
};
struct DifferenceCount {
  std::size_t count = 0;
  /// The first few, as nft(8) writes them: "forward: tcp dport 22 accept", "ingress-peer4 { 10.0.0.1 : goto k1 }".
  std::vector<std::string> examples;
  friend bool operator==(const DifferenceCount&, const DifferenceCount&) = default;
};
using Differences = std::map<DifferenceKey, DifferenceCount>;

/// Counts the objects in which `have` differs from `want`, with the first `max_examples` of each kind. A table, set or
/// chain that is missing or unexpected counts as one object with everything in it. Pure. Empty exactly when
/// `diff(have, want)` is: elements of sets with a timeout, comments and counts are ignored.
[[nodiscard]] Differences compare(const Ruleset& have, const Ruleset& want, std::size_t max_examples);

}  // namespace selvage::nft
