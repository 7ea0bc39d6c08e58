#include "base/ip_address.h"

#include <arpa/inet.h>

#include <charconv>
#include <cstring>

namespace selvage {
namespace {

int af(IpFamily family) { return family == IpFamily::v4 ? AF_INET : AF_INET6; }

/// Mask of byte `index` of a prefix of `length` bits.
std::uint8_t mask_byte(unsigned length, std::size_t index) {
  const unsigned from = static_cast<unsigned>(index) * 8;
  if (length >= from + 8) return 0xff;
  if (length <= from) return 0;
  return static_cast<std::uint8_t>(0xff << (from + 8 - length));
}

}  // namespace

Result<IpAddress> IpAddress::parse(std::string_view text) {
  const std::string copy(text);
  std::array<std::uint8_t, 16> bytes{};
  for (const IpFamily family : {IpFamily::v4, IpFamily::v6}) {
    if (copy.find('\0') == std::string::npos && inet_pton(af(family), copy.c_str(), bytes.data()) == 1) {
      return from_bytes(family, bytes.data());
    }
  }
  return fail("\"" + copy + "\" is not an IP address");
}

IpAddress IpAddress::from_bytes(IpFamily family, const void* bytes) {
  IpAddress result;
  result.family_ = family;
  std::memcpy(result.bytes_.data(), bytes, result.size());
  return result;
}

std::string IpAddress::key() const { return {reinterpret_cast<const char*>(bytes_.data()), size()}; }

std::string IpAddress::to_string() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(af(family_), bytes_.data(), text.data(), text.size());
  return text.data();
}

IpAddress IpAddress::next() const {
  IpAddress result = *this;
  for (std::size_t i = size(); i-- > 0;) {
    if (++result.bytes_[i] != 0) break;
  }
  return result;
}

IpAddress IpAddress::previous() const {
  IpAddress result = *this;
  for (std::size_t i = size(); i-- > 0;) {
    if (result.bytes_[i]-- != 0) break;
  }
  return result;
}

IpAddress IpAddress::highest(IpFamily family) {
  std::array<std::uint8_t, 16> bytes{};
  bytes.fill(0xff);
  return from_bytes(family, bytes.data());
}

IpAddress IpAddress::zero(IpFamily family) {
  const std::array<std::uint8_t, 16> bytes{};
  return from_bytes(family, bytes.data());
}

IpPrefix::IpPrefix(IpAddress address, unsigned length) : length_(length) {
  std::array<std::uint8_t, 16> bytes{};
  for (std::size_t i = 0; i < address.size(); ++i) bytes[i] = address.data()[i] & mask_byte(length, i);
  first_ = IpAddress::from_bytes(address.family(), bytes.data());
}

Result<IpPrefix> IpPrefix::parse(std::string_view text) {
  const auto slash = text.find('/');
  const std::string quoted = "\"" + std::string(text) + "\"";
  if (slash == std::string_view::npos) return fail(quoted + " is not a CIDR block: no \"/length\"");
  const auto address = IpAddress::parse(text.substr(0, slash));
  if (!address) return fail(quoted + " is not a CIDR block: " + address.error().message);
  const std::string_view digits = text.substr(slash + 1);
  unsigned length = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
  const bool leading_zero = digits.size() > 1 && digits.front() == '0';
  if (error != std::errc{} || end != digits.data() + digits.size() || leading_zero || length > address->size() * 8) {
    return fail(quoted + " is not a CIDR block: the length must be 0 to " + std::to_string(address->size() * 8));
  }
  return IpPrefix(*address, length);
}

IpAddress IpPrefix::last() const {
  std::array<std::uint8_t, 16> bytes{};
  for (std::size_t i = 0; i < first_.size(); ++i) {
    bytes[i] = first_.data()[i] | static_cast<std::uint8_t>(~mask_byte(length_, i));
  }
  return IpAddress::from_bytes(family(), bytes.data());
}

bool IpPrefix::contains(const IpAddress& address) const {
  return address.family() == family() && IpPrefix(address, length_).first_ == first_;
}

bool IpPrefix::contains(const IpPrefix& other) const { return other.length_ >= length_ && contains(other.first_); }

std::string IpPrefix::to_string() const { return first_.to_string() + "/" + std::to_string(length_); }

std::size_t IpAddressHash::operator()(const IpAddress& address) const noexcept {
  std::uint64_t hash = 14695981039346656037ULL ^ static_cast<std::uint64_t>(address.family());
  for (std::size_t i = 0; i < address.size(); ++i) hash = (hash ^ address.data()[i]) * 1099511628211ULL;
  return hash ^ (hash >> 32);
}

}  // namespace selvage
