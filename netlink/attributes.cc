#include "netlink/attributes.h"

#include <algorithm>
#include <cstring>

namespace selvage::netlink {
namespace {

template <class T>
T load(Bytes bytes) {
  T value;
  std::memcpy(&value, bytes.data(), sizeof(value));
  return value;
}

template <class T>
std::optional<T> read_big_endian(Bytes value) {
  if (value.size() != sizeof(T)) return std::nullopt;
  T number = 0;
  for (const std::uint8_t byte : value) number = static_cast<T>(number << 8 | byte);
  return number;
}

}  // namespace

void Attributes::Iterator::read() {
  valid_ = false;
  if (rest_.size() < sizeof(nlattr)) return;
  const auto header = load<nlattr>(rest_);
  if (header.nla_len < sizeof(nlattr) || header.nla_len > rest_.size()) return;
  current_.type = header.nla_type & NLA_TYPE_MASK;
  current_.value = rest_.subspan(sizeof(nlattr), header.nla_len - sizeof(nlattr));
  step_ = std::min<std::size_t>(NLA_ALIGN(header.nla_len), rest_.size());
  valid_ = true;
}

Attributes::Iterator& Attributes::Iterator::operator++() {
  rest_ = rest_.subspan(step_);
  read();
  return *this;
}

Bytes Attributes::find(std::uint16_t type) const {
  Bytes found;
  for (const Attribute& attribute : *this) {
    if (attribute.type == type) found = attribute.value;
  }
  return found;
}

bool Attributes::has(std::uint16_t type) const {
  for (const Attribute& attribute : *this) {
    if (attribute.type == type) return true;
  }
  return false;
}

std::optional<std::uint16_t> read_be16(Bytes value) { return read_big_endian<std::uint16_t>(value); }
std::optional<std::uint32_t> read_be32(Bytes value) { return read_big_endian<std::uint32_t>(value); }
std::optional<std::uint64_t> read_be64(Bytes value) { return read_big_endian<std::uint64_t>(value); }

std::string read_string(Bytes value) { return {value.begin(), std::find(value.begin(), value.end(), 0)}; }
std::string read_bytes(Bytes value) { return {value.begin(), value.end()}; }

std::optional<Message> first_message(Bytes bytes) {
  if (bytes.size() < sizeof(nlmsghdr)) return std::nullopt;
  Message message{load<nlmsghdr>(bytes), {}};
  const std::size_t length = message.header.nlmsg_len;
  if (length < sizeof(nlmsghdr) || length > bytes.size()) return std::nullopt;
  message.payload = bytes.subspan(sizeof(nlmsghdr), length - sizeof(nlmsghdr));
  return message;
}

Bytes after_message(Bytes bytes, const Message& message) {
  const std::size_t step = NLMSG_ALIGN(static_cast<std::size_t>(message.header.nlmsg_len));
  return bytes.subspan(std::min(step, bytes.size()));
}

}  // namespace selvage::netlink
