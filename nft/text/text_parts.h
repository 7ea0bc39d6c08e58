#pragma once

#include <string>
#include <vector>

#include "nft/model/table.h"

/// Parts that a listing (text.cc) and commands (text_plan.cc) have in common.
namespace selvage::nft {

/// "inet selvage".
[[nodiscard]] std::string name_text(const TableKey& key);

/// What stands between a set's braces but for the elements: type, size, flags, timeout, comment.
[[nodiscard]] std::vector<std::string> spec_lines(const SetSpec& spec);

/// "type filter hook forward priority filter; policy accept;".
[[nodiscard]] std::string base_text(TableFamily family, const BaseChain& base);

}  // namespace selvage::nft
