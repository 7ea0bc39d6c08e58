#include "nft/model/selectors.h"

#include <linux/netfilter.h>

#include <algorithm>
#include <array>

#include "base/ip_protocol.h"

namespace selvage::nft {
namespace {

constexpr Load meta(MetaKey key) { return Meta{key, 0}; }
constexpr Load ct(CtKey key) { return Ct{key, 0}; }
constexpr Load network(std::uint16_t offset, std::uint16_t length) {
  return Payload{PayloadBase::network, offset, length, 0};
}
constexpr Load transport(std::uint16_t offset, std::uint16_t length) {
  return Payload{PayloadBase::transport, offset, length, 0};
}
constexpr Load link(std::uint16_t offset, std::uint16_t length) {
  return Payload{PayloadBase::link, offset, length, 0};
}

constexpr std::uint8_t kV4 = NFPROTO_IPV4;
constexpr std::uint8_t kV6 = NFPROTO_IPV6;

/// In the order of Selector. Offsets: RFC 791 section 3.1, RFC 8200 section 3, RFC 4443 section 2.1,
/// IEEE 802.3; "th dport" is at the same place in TCP, UDP and SCTP.
constexpr std::array<SelectorInfo, 15> kSelectors{{
    {Selector::iifname, "iifname", meta(MetaKey::iifname), FieldType::ifname},
    {Selector::oifname, "oifname", meta(MetaKey::oifname), FieldType::ifname},
    {Selector::ibrname, "meta ibrname", meta(MetaKey::bri_iifname), FieldType::ifname},
    {Selector::iifkind, "meta iifkind", meta(MetaKey::iifkind), FieldType::ifname},
    {Selector::ip_saddr, "ip saddr", network(12, 4), FieldType::ipv4_addr, kV4},
    {Selector::ip_daddr, "ip daddr", network(16, 4), FieldType::ipv4_addr, kV4},
    {Selector::ip6_saddr, "ip6 saddr", network(8, 16), FieldType::ipv6_addr, kV6},
    {Selector::ip6_daddr, "ip6 daddr", network(24, 16), FieldType::ipv6_addr, kV6},
    {Selector::ip6_hoplimit, "ip6 hoplimit", network(7, 1), std::nullopt, kV6},
    {Selector::l4proto, "meta l4proto", meta(MetaKey::l4proto), FieldType::inet_proto},
    {Selector::th_dport, "th dport", transport(2, 2), FieldType::inet_service},
    {Selector::icmpv6_type, "icmpv6 type", transport(0, 1), FieldType::icmpv6_type, kV6, ip_protocol::kIcmpv6},
    {Selector::ether_type, "ether type", link(12, 2), FieldType::ether_type},
    {Selector::ct_state, "ct state", ct(CtKey::state), FieldType::ct_state},
    {Selector::ct_id, "ct id", ct(CtKey::id), FieldType::ct_id},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kSelectors.size(); ++i) {
    if (static_cast<std::size_t>(kSelectors[i].selector) != i) return false;
  }
  return true;
}
static_assert(in_order());

std::size_t size_of(const Meta& load) { return load.key == MetaKey::nfproto || load.key == MetaKey::l4proto ? 1 : 16; }
std::size_t size_of(const Payload& load) { return load.length; }
std::size_t size_of(const Ct& load) { return load.key == CtKey::direction ? 1 : 4; }

Load in_register_0(Load load) {
  std::visit([](auto& l) { l.dreg = 0; }, load);
  return load;
}

}  // namespace

const SelectorInfo& info_of(Selector selector) { return kSelectors.at(static_cast<std::size_t>(selector)); }

const SelectorInfo* find_selector(const Load& load, std::uint8_t nfproto, std::uint8_t l4proto) {
  const Load plain = in_register_0(load);
  const auto established = [&](const SelectorInfo& info) {
    return info.l4proto != 0 ? info.l4proto == l4proto : info.nfproto == 0 || info.nfproto == nfproto;
  };
  const auto found = std::ranges::find_if(
      kSelectors, [&](const SelectorInfo& info) { return info.load == plain && established(info); });
  return found == kSelectors.end() ? nullptr : &*found;
}

std::size_t size_of(const Load& load) {
  return std::visit([](const auto& l) { return size_of(l); }, load);
}

Expression load_into(Load load, Register dreg) {
  return std::visit(
      [dreg](auto& l) {
        l.dreg = dreg;
        return Expression(l);
      },
      load);
}

}  // namespace selvage::nft
