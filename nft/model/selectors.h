#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>

#include "nft/model/expression.h"
#include "nft/model/statements.h"
#include "nft/model/table.h"

/// What each selector is made of: the one table that both the builder and the printer read.
namespace selvage::nft {

/// An expression that loads a value, with register 0.
using Load = std::variant<Meta, Payload, Ct>;

struct SelectorInfo {
  Selector selector;
  const char* name;  ///< nft(8)'s
  Load load;
  std::optional<FieldType> type;  ///< how its values read; none: a plain number
  std::uint8_t nfproto = 0;       ///< NFPROTO_* that a rule must establish before (inet family); 0: any
  std::uint8_t l4proto = 0;       ///< IANA number likewise; where it is established nfproto is not asked for
};

[[nodiscard]] const SelectorInfo& info_of(Selector selector);

/// The selector that `load` (its register is not looked at) stands for after a rule has established
/// `nfproto` and `l4proto` (0: none). Null when there is none.
[[nodiscard]] const SelectorInfo* find_selector(const Load& load, std::uint8_t nfproto, std::uint8_t l4proto);

/// Bytes that `load` puts into registers.
[[nodiscard]] std::size_t size_of(const Load& load);

/// The same with another register.
[[nodiscard]] Expression load_into(Load load, Register dreg);

}  // namespace selvage::nft
