#include "nft/model/fields.h"

#include <algorithm>
#include <cstring>

namespace selvage::nft {

std::size_t field_size(FieldType type) {
  switch (type) {
    case FieldType::ipv4_addr:
    case FieldType::ct_state:
    case FieldType::ct_id:
      return 4;
    case FieldType::ipv6_addr:
    case FieldType::ifname:
      return 16;
    case FieldType::inet_proto:
    case FieldType::icmpv6_type:
      return 1;
    case FieldType::inet_service:
    case FieldType::ether_type:
      return 2;
  }
  return 0;
}

std::string host_order(std::uint32_t value) {
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

std::size_t key_size(const std::vector<FieldType>& key) {
  if (key.size() == 1) return field_size(key.front());
  std::size_t sum = 0;
  for (const FieldType type : key) sum += padded(field_size(type));
  return sum;
}

std::vector<std::string_view> split_key(const std::vector<FieldType>& key, std::string_view bytes) {
  std::vector<std::string_view> fields;
  fields.reserve(key.size());
  for (const FieldType type : key) {
    fields.push_back(bytes.substr(0, field_size(type)));
    bytes.remove_prefix(std::min(bytes.size(), padded(field_size(type))));
  }
  return fields;
}

}  // namespace selvage::nft
