#include "nft/wire/userdata.h"

#include <libnftnl/udata.h>

#include <cstring>

#include "nft/wire/comment.h"

namespace selvage::nft {
namespace {

/// enum byteorder of nftables' datatype.h; "invalid" stands for concatenations and byte strings, too.
enum class ByteOrder : std::uint32_t { invalid = 0, host = 1, big_endian = 2 };

ByteOrder byte_order(const std::vector<FieldType>& key) {
  if (key.size() != 1) return ByteOrder::invalid;
  switch (key.front()) {
    case FieldType::ifname:
    case FieldType::ct_state:
      return ByteOrder::host;
    case FieldType::inet_proto:
      return ByteOrder::invalid;
    case FieldType::ipv4_addr:
    case FieldType::ipv6_addr:
    case FieldType::inet_service:
    case FieldType::ether_type:
    case FieldType::icmpv6_type:
    case FieldType::ct_id:
      return ByteOrder::big_endian;
  }
  return ByteOrder::invalid;
}

std::string entry(std::uint8_t type, std::string_view value) {
  std::string out;
  out.reserve(2 + value.size());
  out.push_back(static_cast<char>(type));
  out.push_back(static_cast<char>(value.size()));
  return out.append(value);
}

/// Numbers in userdata are in host order.
std::string number_entry(std::uint8_t type, std::uint32_t value) {
  std::string bytes(sizeof(value), '\0');
  std::memcpy(bytes.data(), &value, sizeof(value));
  return entry(type, bytes);
}

/// "typeof ct id", as nft writes it: the kind of the expression (EXPR_CT of nftables' expression.h)
/// and its own data: the key NFT_CT_ID, and no direction.
std::string typeof_ct_id() {
  constexpr std::uint32_t kExprCt = 12;
  constexpr std::uint32_t kNftCtId = 23;
  constexpr std::uint32_t kNoDirection = 0xffffffff;
  const std::string ct = number_entry(0, kNftCtId) + number_entry(1, kNoDirection);
  const std::string expression =
      number_entry(NFTNL_UDATA_SET_TYPEOF_EXPR, kExprCt) + entry(NFTNL_UDATA_SET_TYPEOF_DATA, ct);
  return entry(NFTNL_UDATA_SET_KEY_TYPEOF, expression);
}

}  // namespace

std::string comment_userdata(std::uint8_t type, std::string_view comment) {
  if (comment.empty()) return {};
  std::string text = printable_comment(comment);
  text.push_back('\0');
  return entry(type, text);
}

std::string set_userdata(const SetSpec& spec) {
  std::string out = number_entry(NFTNL_UDATA_SET_KEYBYTEORDER, static_cast<std::uint32_t>(byte_order(spec.key)));
  if (spec.verdict_map) {
    out += number_entry(NFTNL_UDATA_SET_DATABYTEORDER, static_cast<std::uint32_t>(ByteOrder::invalid));
    out += number_entry(NFTNL_UDATA_SET_DATA_INTERVAL, 0);
  }
  if (spec.key == std::vector{FieldType::ct_id}) out += typeof_ct_id();
  return out + comment_userdata(NFTNL_UDATA_SET_COMMENT, spec.comment);
}

std::string comment_of(netlink::Bytes userdata, std::uint8_t type) {
  while (userdata.size() >= 2 && userdata.size() - 2 >= userdata[1]) {
    const netlink::Bytes value = userdata.subspan(2, userdata[1]);
    if (userdata[0] == type) return netlink::read_string(value);
    userdata = userdata.subspan(2 + value.size());
  }
  return {};
}

}  // namespace selvage::nft
