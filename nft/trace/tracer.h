#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/ip_address.h"
#include "nft/model/intervals.h"
#include "nft/model/table.h"

namespace selvage::nft {

/// A packet's entry in the connection table.
struct Tracking {
  bool reply = false;       ///< in the reply direction of the connection
  std::uint32_t state = 8;  ///< NF_CT_STATE_BIT: invalid 1, established 2, related 4, new 8
  std::string id{"\0\0\0\1", 4};
  std::uint32_t status = 0;  ///< enum ip_conntrack_status: 32 when the destination was translated
};

/// A packet in the forward hooks. Without a `destination_port` or `icmp_type` it has no transport
/// header (a later fragment).
struct Packet {
  bool bridged = false;  ///< passes bridge tables, then (if it is IP) inet tables
  std::string iifname;   ///< a bridged packet's port, else the input device
  std::string oifname;
  std::string bridge;   ///< of a bridged packet: the name that inet tables see for both devices
  std::string iifkind;  ///< rtnetlink kind of `iifname`: "veth", "bridge"
  IpAddress source;     ///< its family is the packet's
  IpAddress destination;
  std::uint8_t protocol = 6;
  std::optional<std::uint16_t> destination_port;
  std::optional<std::uint8_t> icmp_type;  ///< of ICMP and ICMPv6
  std::uint8_t hop_limit = 64;
  std::optional<std::uint16_t> ether_type;  ///< none: that of the family
  std::optional<Tracking> tracking = Tracking{};
};

/// The outcome for a packet.
struct Trace {
  struct Hit {
    TableKey table;
    std::string chain;
    const Rule* rule = nullptr;  ///< in the traced ruleset, which must still exist
    Verdict verdict;             ///< the rule's own, or the map element's
  };
  bool accepted = true;
  std::vector<Hit> hits;            ///< rules that gave a verdict, in order
  std::vector<std::string> logged;  ///< prefixes of the log expressions that it passed (limits let everything pass)

  /// One line for each hit, for failure messages.
  [[nodiscard]] std::string text() const;
};

/// Runs packets through the base chains of a ruleset as the kernel does (net/netfilter/
/// nf_tables_core.c): by registers, byte for byte.
class Tracer {
 public:
  /// `ruleset` must outlive this object and not change.
  explicit Tracer(const Ruleset& ruleset) : ruleset_(ruleset) {}
  explicit Tracer(Ruleset&& gone_at_once) = delete;

  Trace run(const Packet& packet);

 private:
  friend class ChainRun;
  /// Indexes for quick lookups, built at a set's first use.
  OverlapFinder& finder(const Set& set);

  const Ruleset& ruleset_;
  std::map<const Set*, OverlapFinder> finders_;
};

/// For a single packet.
[[nodiscard]] Trace trace(const Ruleset& ruleset, const Packet& packet);
Trace trace(Ruleset&& gone_at_once, const Packet& packet) = delete;

}  // namespace selvage::nft
