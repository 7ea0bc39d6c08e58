#pragma once

#include <functional>
#include <string>

#include "base/result.h"

namespace selvage::nft {

/// The place of an nftables chain, of any program; includes those of iptables-nft.
struct ChainPlace {
  std::string family;  ///< "ip", "ip6", "inet", "arp", "bridge", "netdev", or a number
  std::string table;
  std::string chain;

  friend auto operator<=>(const ChainPlace&, const ChainPlace&) = default;
};

/// Calls `visit` for every chain of this network namespace, of all families. Needs CAP_NET_ADMIN
/// (EPERM). A chain may be missed or seen twice when others change theirs meanwhile.
Result<void> for_each_chain(const std::function<void(const ChainPlace&)>& visit);

}  // namespace selvage::nft
