#pragma once

#include <string>
#include <vector>

#include "nft/model/table.h"

/// Parts shared by listings (text.cc) and commands (nft/plan/text_plan.cc).
namespace selvage::nft {

/// "inet selvage".
[[nodiscard]] std::string name_text(const TableKey& key);

/// The lines between a set's braces, without the elements: type, size, flags, timeout, comment.
[[nodiscard]] std::vector<std::string> spec_lines(const SetSpec& spec);

/// "type filter hook forward priority filter; policy accept;".
[[nodiscard]] std::string base_text(TableFamily family, const BaseChain& base);

}  // namespace selvage::nft
