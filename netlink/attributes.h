#pragma once

#include <linux/netlink.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// Readers of netlink messages and attributes. libmnl's need aligned, well-formed input; these take any bytes.
namespace selvage::netlink {

using Bytes = std::span<const std::uint8_t>;

/// One attribute (struct nlattr), the nested and byte-order flags cut from its type.
struct Attribute {
  std::uint16_t type = 0;
  Bytes value;
};

/// The attributes that follow each other in `bytes`, for a range-based for. Ends before the first malformed one. The
/// bytes must outlive it.
class Attributes {
 public:
  explicit Attributes(Bytes bytes) : bytes_(bytes) {}

  class Iterator {
   public:
    explicit Iterator(Bytes rest) : rest_(rest) { read(); }
    const Attribute& operator*() const { return current_; }
    const Attribute* operator->() const { return &current_; }
    Iterator& operator++();
    bool operator!=(std::nullptr_t) const { return valid_; }

   private:
    void read();
    Bytes rest_;
    Attribute current_;
    std::size_t step_ = 0;
    bool valid_ = false;
  };

  [[nodiscard]] Iterator begin() const { return Iterator(bytes_); }
  [[nodiscard]] std::nullptr_t end() const { return nullptr; }

  /// The last attribute of this type; empty if there is none.
  [[nodiscard]] Bytes find(std::uint16_t type) const;
  [[nodiscard]] bool has(std::uint16_t type) const;

 private:
  Bytes bytes_;
};

/// Big-endian numbers as nf_tables sends them; nothing when the size differs.
[[nodiscard]] std::optional<std::uint16_t> read_be16(Bytes value);
[[nodiscard]] std::optional<std::uint32_t> read_be32(Bytes value);
[[nodiscard]] std::optional<std::uint64_t> read_be64(Bytes value);
/// Up to the first NUL, or all.
[[nodiscard]] std::string read_string(Bytes value);
/// All bytes as they are.
[[nodiscard]] std::string read_bytes(Bytes value);

/// A netlink message, split.
struct Message {
  nlmsghdr header{};
  Bytes payload;  ///< everything after nlmsghdr
};

/// The first message in `bytes`, or nothing when they do not hold a whole one.
[[nodiscard]] std::optional<Message> first_message(Bytes bytes);
/// What follows the first message (with its padding).
[[nodiscard]] Bytes after_message(Bytes bytes, const Message& message);

}  // namespace selvage::netlink
