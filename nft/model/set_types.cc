#include "nft/model/set_types.h"

#include <algorithm>
#include <array>

namespace selvage::nft {
namespace {

/// enum datatypes of nftables' datatype.h. A `ct id` has no type name there: TYPE_INTEGER, and
/// userdata that says "typeof ct id" (userdata.h).
struct TypeNumber {
  FieldType field;
  std::uint32_t number;
};
constexpr std::array<TypeNumber, 9> kTypes = {{
    {FieldType::ipv4_addr, 7},      // TYPE_IPADDR
    {FieldType::ipv6_addr, 8},      // TYPE_IP6ADDR
    {FieldType::inet_proto, 12},    // TYPE_INET_PROTOCOL
    {FieldType::inet_service, 13},  // TYPE_INET_SERVICE
    {FieldType::ifname, 41},        // TYPE_IFNAME
    {FieldType::ether_type, 10},    // TYPE_ETHERTYPE
    {FieldType::icmpv6_type, 29},   // TYPE_ICMP6_TYPE
    {FieldType::ct_state, 26},      // TYPE_CT_STATE
    {FieldType::ct_id, 4},          // TYPE_INTEGER
}};

/// TYPE_BITS: bits of one field in the number of a concatenation.
constexpr unsigned kTypeBits = 6;

const TypeNumber& entry(FieldType field) {
  return *std::find_if(kTypes.begin(), kTypes.end(), [field](const TypeNumber& type) { return type.field == field; });
}

std::optional<FieldType> field_of(std::uint32_t number) {
  for (const TypeNumber& type : kTypes) {
    if (type.number == number) return type.field;
  }
  return std::nullopt;
}

}  // namespace

std::uint32_t key_type(const std::vector<FieldType>& key) {
  std::uint32_t number = 0;
  for (const FieldType field : key) number = number << kTypeBits | entry(field).number;
  return number;
}

std::optional<std::vector<FieldType>> fields_of(std::uint32_t type) {
  std::vector<FieldType> key;
  for (; type != 0; type >>= kTypeBits) {
    const auto field = field_of(type & ((1U << kTypeBits) - 1));
    if (!field) return std::nullopt;
    key.push_back(*field);
  }
  if (key.empty()) return std::nullopt;
  std::reverse(key.begin(), key.end());
  return key;
}

}  // namespace selvage::nft
