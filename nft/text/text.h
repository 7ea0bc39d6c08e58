#pragma once

#include <string>

#include "nft/model/table.h"

namespace selvage::nft {

/// The ruleset as `nft list ruleset` prints it: loading it with `nft -f` gives the same
/// tables. Deterministic. Comments are quoted; characters that nft(8) cannot read inside quotes (")
/// become '.
[[nodiscard]] std::string to_text(const Ruleset& ruleset);

/// One rule as nft(8) writes it, without a newline. Never fails: a `Foreign` expression prints as its
/// name in angle brackets.
[[nodiscard]] std::string to_text(const Rule& rule);

/// One element as nft(8) writes it ("10.0.0.1 . tcp . 80 comment \"x\"", "10.0.0.0/8 : goto k").
[[nodiscard]] std::string to_text(const SetSpec& spec, const ElementKey& key, const ElementData& data);

}  // namespace selvage::nft
