#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace selvage {

enum class IpFamily : std::uint8_t { v4 = 4, v6 = 6 };

/// One IPv4 or IPv6 address, bytes in network order. A value: ordered by family, then numerically.
/// IPv4-mapped IPv6 addresses stay IPv6; zones ("%eth0") are refused.
class IpAddress {
 public:
  /// 0.0.0.0.
  IpAddress() = default;

  /// Reads the text forms of inet_pton(3); an error contains the text.
  static Result<IpAddress> parse(std::string_view text);
  /// From 4 (v4) or 16 (v6) bytes in network order.
  static IpAddress from_bytes(IpFamily family, const void* bytes);

  [[nodiscard]] IpFamily family() const { return family_; }
  /// 4 or 16.
  [[nodiscard]] std::size_t size() const { return family_ == IpFamily::v4 ? 4 : 16; }
  [[nodiscard]] const std::uint8_t* data() const { return bytes_.data(); }
  /// The address' bytes as a string of 4 or 16 characters: an nftables key.
  [[nodiscard]] std::string key() const;
  [[nodiscard]] std::string to_string() const;

  /// The numerically next address; the highest one wraps to zero.
  [[nodiscard]] IpAddress next() const;
  /// The numerically previous address; zero wraps to the highest.
  [[nodiscard]] IpAddress previous() const;
  /// All bits set in `family`.
  [[nodiscard]] static IpAddress highest(IpFamily family);
  [[nodiscard]] static IpAddress zero(IpFamily family);

  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;

 private:
  IpFamily family_ = IpFamily::v4;
  std::array<std::uint8_t, 16> bytes_{};
};

/// An address block in CIDR form, host bits cleared.
class IpPrefix {
 public:
  /// 0.0.0.0/0.
  IpPrefix() = default;
  /// `length` is at most 32 or 128; host bits of `address` are cleared.
  IpPrefix(IpAddress address, unsigned length);

  /// Reads "address/length". Host bits may be set (the API server takes such blocks) and are cleared.
  static Result<IpPrefix> parse(std::string_view text);

  [[nodiscard]] IpFamily family() const { return first_.family(); }
  [[nodiscard]] unsigned length() const { return length_; }
  /// Lowest address of the block.
  [[nodiscard]] const IpAddress& first() const { return first_; }
  /// Highest address of the block.
  [[nodiscard]] IpAddress last() const;
  [[nodiscard]] bool contains(const IpAddress& address) const;
  [[nodiscard]] bool contains(const IpPrefix& other) const;
  [[nodiscard]] std::string to_string() const;

  friend auto operator<=>(const IpPrefix&, const IpPrefix&) = default;

 private:
  IpAddress first_;
  unsigned length_ = 0;
};

/// An inclusive range of addresses of one family.
struct IpRange {
  IpAddress first;
  IpAddress last;

  friend auto operator<=>(const IpRange&, const IpRange&) = default;
};

/// FNV-1a over family and bytes; for hash maps in one process, not for names.
struct IpAddressHash {
  std::size_t operator()(const IpAddress& address) const noexcept;
};

}  // namespace selvage
