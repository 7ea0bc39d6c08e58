#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "nft/model/table.h"
#include "nft/plan/operations.h"

namespace selvage::nft {

/// The smallest units that the kernel refuses and distinguishes in its answer.
struct PlanPart {
  enum class Kind : std::uint8_t {
    table,
    set,      ///< without its elements
    chain,    ///< without its rules; of a deletion: its rules, which are flushed, too
    rule,     ///< one rule of a chain
    element,  ///< one element of a set
  };
  TableKey table;
  Kind kind = Kind::table;
  std::string name;                   ///< the set, the chain, the element's set or the rule's chain; empty for a table
  std::size_t rule = 0;               ///< a rule's final place in its chain
  std::optional<ElementKey> element;  ///< an element's key; none when the kernel does not report it
  bool deletion = false;              ///< of something that is there, rather than an addition

  friend auto operator<=>(const PlanPart&, const PlanPart&) = default;
};

/// "table", "set", "chain", "rule", "element".
[[nodiscard]] const char* to_string(PlanPart::Kind kind);

/// The part that an operation is about; for elements the one at this place in the operation's list, if known.
[[nodiscard]] PlanPart part_of(const Operation& operation, std::optional<std::size_t> element = std::nullopt);

}  // namespace selvage::nft
