#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "nft/model/table.h"
#include "nft/plan/operations.h"

namespace selvage::nft {

/// The smallest things that the kernel refuses one by one, and so tells apart in its answer.
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
  std::string name;                   ///< of the set or chain, the element's set, the rule's chain; of a table none
  std::size_t rule = 0;               ///< a rule's place in its chain when all is done
  std::optional<ElementKey> element;  ///< an element's key; none where the kernel does not say which of the set's
  bool deletion = false;              ///< of something that is there, rather than an addition

  friend auto operator<=>(const PlanPart&, const PlanPart&) = default;
};

/// "table", "set", "chain", "rule", "element".
[[nodiscard]] const char* to_string(PlanPart::Kind kind);

/// What an operation is about; of elements the one with this place in the operation's list, where that is known.
[[nodiscard]] PlanPart part_of(const Operation& operation, std::optional<std::size_t> element = std::nullopt);

}  // namespace selvage::nft
