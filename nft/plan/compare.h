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
  missing,     ///< wanted, and not there
  unexpected,  ///< there, and not wanted
  different,   ///< there and wanted otherwise: another verdict, specification, owner, order of rules
};
/// "table", "set", "chain", "rule", "element".
[[nodiscard]] const char* to_string(ObjectKind kind);
/// "missing", "unexpected", "different".
[[nodiscard]] const char* to_string(Deviation deviation);

/// What differs in one way in one table.
struct DifferenceKey {
  TableKey table;
  ObjectKind kind = ObjectKind::table;
  Deviation deviation = Deviation::missing;
  friend auto operator<=>(const DifferenceKey&, const DifferenceKey&) = default;
};
struct DifferenceCount {
  std::size_t count = 0;
  /// The first few, in nft(8)'s words: "forward: tcp dport 22 accept", "ingress-peer4 { 10.0.0.1 : goto k1 }".
  std::vector<std::string> examples;
  friend bool operator==(const DifferenceCount&, const DifferenceCount&) = default;
};
using Differences = std::map<DifferenceKey, DifferenceCount>;

/// Counts the single objects in which `have` is not as `want`, and names the first `most_examples` of each kind. What
/// lies in a table, set or chain that is missing or unexpected as a whole counts as that one object. Pure. It is empty
/// exactly when `diff(have, want)` is: elements of sets with a timeout, comments and what counters have counted
/// are no part of it.
[[nodiscard]] Differences compare(const Ruleset& have, const Ruleset& want, std::size_t most_examples);

}  // namespace selvage::nft
