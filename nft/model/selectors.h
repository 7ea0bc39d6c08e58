#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>

#include "nft/model/expression.h"
#include "nft/model/statements.h"
#include "nft/model/table.h"

/// The expressions of each selector: one table for the builder and the printer.
namespace selvage::nft {

/// An expression that loads a value, with register 0.
using Load = std::variant<Meta, Payload, Ct>;

struct SelectorInfo {
  Selector selector;
  const char* name;  ///< nft(8)'s
  Load load;
  std::optional<FieldType> type;  ///< how its values print; none: as a plain number
  std::uint8_t nfproto = 0;       ///< NFPROTO_* that a rule must match first (inet family); 0: any
  std::uint8_t l4proto = 0;       ///< IANA number likewise; once matched, nfproto is not needed
};

[[nodiscard]] const SelectorInfo& info_of(Selector selector);

/// The selector that `load` (whatever its register) represents once a rule has matched `nfproto` and `l4proto`
/// (0: none). Null when there is none.
[[nodiscard]] const SelectorInfo* find_selector(const Load& load, std::uint8_t nfproto, std::uint8_t l4proto);

/// Bytes that `load` writes to registers.
[[nodiscard]] std::size_t size_of(const Load& load);

/// The same with another register.
[[nodiscard]] Expression load_into(Load load, Register dreg);

}  // namespace selvage::nft
