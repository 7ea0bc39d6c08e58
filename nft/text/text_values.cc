#include "nft/text/text_values.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <utility>

#include "base/ip_address.h"
#include "base/ip_protocol.h"
#include "nft/model/fields.h"

namespace selvage::nft {
namespace {

using Name = std::pair<std::uint16_t, const char*>;

/// The names that every nft(8) can read; other protocols stay numbers.
constexpr std::array<Name, 5> kProtocols{{{ip_protocol::kIcmp, "icmp"},
                                          {ip_protocol::kTcp, "tcp"},
                                          {ip_protocol::kUdp, "udp"},
                                          {ip_protocol::kIcmpv6, "ipv6-icmp"},
                                          {ip_protocol::kSctp, "sctp"}}};

constexpr std::array<Name, 5> kEtherTypes{
    {{0x0800, "ip"}, {0x0806, "arp"}, {0x8100, "8021q"}, {0x86dd, "ip6"}, {0x88a8, "8021ad"}}};

/// RFC 4443, 4861, 2710, 2894, 3122 and 3810, by nft(8)'s names.
constexpr std::array<Name, 18> kIcmpv6Types{{{1, "destination-unreachable"},
                                             {2, "packet-too-big"},
                                             {3, "time-exceeded"},
                                             {4, "parameter-problem"},
                                             {128, "echo-request"},
                                             {129, "echo-reply"},
                                             {130, "mld-listener-query"},
                                             {131, "mld-listener-report"},
                                             {132, "mld-listener-done"},
                                             {133, "nd-router-solicit"},
                                             {134, "nd-router-advert"},
                                             {135, "nd-neighbor-solicit"},
                                             {136, "nd-neighbor-advert"},
                                             {137, "nd-redirect"},
                                             {138, "router-renumbering"},
                                             {141, "ind-neighbor-solicit"},
                                             {142, "ind-neighbor-advert"},
                                             {143, "mld2-listener-report"}}};

constexpr std::uint32_t kUntracked = 64;  // NF_CT_STATE_UNTRACKED_BIT
constexpr std::array<std::pair<std::uint32_t, const char*>, 5> kStates{
    {{1, "invalid"}, {2, "established"}, {4, "related"}, {8, "new"}, {kUntracked, "untracked"}}};

/// enum ip_conntrack_status, linux/netfilter/nf_conntrack_common.h.
constexpr std::array<std::pair<std::uint32_t, const char*>, 7> kStatuses{
    {{1, "expected"}, {2, "seen-reply"}, {4, "assured"}, {8, "confirmed"}, {16, "snat"}, {32, "dnat"}, {512, "dying"}}};

template <class Names>
std::string bit_names(const Names& names, std::string_view mask) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, mask.data(), std::min(mask.size(), sizeof bits));
  std::string text;
  for (const auto& [bit, name] : names) {
    if (bits & bit) text += (text.empty() ? "" : ",") + std::string(name);
  }
  return text;
}

template <std::size_t N>
const char* name_of(const std::array<Name, N>& names, std::uint64_t number) {
  const auto found = std::ranges::find(names, number, &Name::first);
  return found == names.end() ? nullptr : found->second;
}

template <std::size_t N>
std::string name_or_number(const std::array<Name, N>& names, std::string_view bytes) {
  const char* name = name_of(names, big_endian(bytes));
  return name != nullptr ? name : std::to_string(big_endian(bytes));
}

bool is_address(FieldType type) { return type == FieldType::ipv4_addr || type == FieldType::ipv6_addr; }

IpAddress address(FieldType type, std::string_view bytes) {
  return IpAddress::from_bytes(type == FieldType::ipv4_addr ? IpFamily::v4 : IpFamily::v6, bytes.data());
}

/// The prefix length of a range that is a CIDR block; nothing otherwise.
std::optional<unsigned> prefix_length(const IpAddress& first, const IpAddress& last) {
  const auto bits = static_cast<unsigned>(first.size() * 8);
  for (unsigned length = 0; length <= bits; ++length) {
    const IpPrefix prefix(first, length);
    if (prefix.first() == first && prefix.last() == last) return length;
  }
  return std::nullopt;
}

std::string bare_number(FieldType type, std::string_view bytes) {
  const bool numeric = type == FieldType::inet_proto || type == FieldType::icmpv6_type;
  return numeric ? std::to_string(big_endian(bytes)) : value_text(type, bytes);
}

}  // namespace

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char c : bytes) number = number << 8 | static_cast<std::uint8_t>(c);
  return number;
}

std::string ct_state_text(std::string_view bits) { return bit_names(kStates, bits); }
std::string ct_status_text(std::string_view bits) { return bit_names(kStatuses, bits); }

std::string hex_text(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text = "0x";
  for (const char c : bytes) {
    text += kDigits[static_cast<std::uint8_t>(c) >> 4];
    text += kDigits[static_cast<std::uint8_t>(c) & 15];
  }
  return text;
}

std::string in_quotes(std::string_view text) {
  std::string out(text);
  std::ranges::replace_if(
      out, [](char c) { return c == '"' || static_cast<unsigned char>(c) < ' ' || c == 0x7f; }, '\'');
  return '"' + out + '"';
}

std::string value_text(FieldType type, std::string_view bytes) {
  if (bytes.size() != field_size(type)) return hex_text(bytes);
  switch (type) {
    case FieldType::ipv4_addr:
    case FieldType::ipv6_addr:
      return address(type, bytes).to_string();
    case FieldType::inet_proto:
      return name_or_number(kProtocols, bytes);
    case FieldType::inet_service:
    case FieldType::ct_id:
      return std::to_string(big_endian(bytes));
    case FieldType::ct_state:
      return ct_state_text(bytes);
    case FieldType::ifname:
      return in_quotes(bytes.substr(0, bytes.find('\0')));
    case FieldType::ether_type: {
      const char* name = name_of(kEtherTypes, big_endian(bytes));
      return name != nullptr ? name : hex_text(bytes);
    }
    case FieldType::icmpv6_type:
      return name_or_number(kIcmpv6Types, bytes);
  }
  return hex_text(bytes);
}

std::string range_text(FieldType type, std::string_view first, std::string_view last) {
  if (first == last) return value_text(type, first);
  if (is_address(type) && first.size() == field_size(type) && last.size() == field_size(type)) {
    const auto length = prefix_length(address(type, first), address(type, last));
    if (length) return value_text(type, first) + "/" + std::to_string(*length);
  }
  return bare_number(type, first) + "-" + bare_number(type, last);
}

std::string limit_text(const Limit& limit) {
  constexpr std::array<const char*, 5> kUnits{"second", "minute", "hour", "day", "week"};  // in the order of LimitUnit
  return "limit rate " + std::to_string(limit.rate) + "/" + kUnits.at(static_cast<std::size_t>(limit.unit)) +
         " burst " + std::to_string(limit.burst) + " packets";
}

std::string log_text(const Log& log) {
  std::string text = "log";
  if (!log.prefix.empty()) text += " prefix " + in_quotes(log.prefix);
  text += " group " + std::to_string(log.group);
  if (log.snaplen != 0) text += " snaplen " + std::to_string(log.snaplen);
  if (log.queue_threshold != 0) text += " queue-threshold " + std::to_string(log.queue_threshold);
  return text;
}

std::string verdict_text(const Verdict& verdict) {
  switch (verdict.code) {
    case Verdict::Code::accept:
      return "accept";
    case Verdict::Code::drop:
      return "drop";
    case Verdict::Code::return_:
      return "return";
    case Verdict::Code::jump:
      return "jump " + verdict.chain;
    case Verdict::Code::go_to:
      return "goto " + verdict.chain;
  }
  return "drop";
}

}  // namespace selvage::nft
