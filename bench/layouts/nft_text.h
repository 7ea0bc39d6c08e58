#pragma once

#include <string>

#include "bench/layouts/flat.h"

/// Shared parts of the two layouts in nft's language.
namespace selvage::bench {

/// The address in a form for names: "10_244_1_10".
[[nodiscard]] std::string name_of(const std::string& address);
/// The matches of a rule, one for each line that it needs: a peer set and a protocol with its ports each. `set` is the
/// prefix of the rule's sets, `side` "saddr" or "daddr".
[[nodiscard]] std::vector<std::string> matches_of(const FlatRule& rule, const std::string& set,
                                                  const std::string& side);
/// The definitions of the sets that `matches_of` uses.
[[nodiscard]] std::string sets_of(const FlatRule& rule, const std::string& set);

}  // namespace selvage::bench
