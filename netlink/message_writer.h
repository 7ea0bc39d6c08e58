#pragma once

#include <linux/netlink.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "netlink/byte_buffer.h"

namespace selvage::netlink {

/// Writes netlink messages one after the other into one growing buffer: begin a message, fill it with attributes (by
/// this class, or by libmnl and libnftnl through `header`) and finish it before the next.
class MessageWriter {
 public:
  /// Free room after the header of a new message: more than attributes of 16-bit length need.
  static constexpr std::size_t kRoom = std::size_t{256} * 1024;

  /// Begins a message with an nfgenmsg after its header. `type` as in nlmsg_type (subsystem << 8 | message).
  void begin(std::uint16_t type, std::uint16_t flags, std::uint8_t family, std::uint16_t resource_id,
             std::uint32_t sequence);
  /// Begins a message with these bytes after its header.
  void begin(std::uint16_t type, std::uint16_t flags, std::uint32_t sequence, const void* extra, std::size_t size);

  /// The message being written; moves when the next one begins.
  [[nodiscard]] nlmsghdr* header();
  /// Bytes of the message being written.
  [[nodiscard]] std::size_t message_size() { return header()->nlmsg_len; }
  /// Position of the message being written.
  [[nodiscard]] std::size_t message_offset() const { return offset_; }

  void put(std::uint16_t type, std::string_view bytes);
  void put_string(std::uint16_t type, std::string_view text);  ///< with a NUL
  void put_be32(std::uint16_t type, std::uint32_t number);
  /// Begins a nested attribute, to be given to `end_nest`.
  [[nodiscard]] nlattr* nest(std::uint16_t type);
  void end_nest(nlattr* nest);

  /// Closes the message.
  void finish();
  /// Hands over the buffer with all messages; this object is empty afterwards.
  [[nodiscard]] ByteBuffer take();

 private:
  ByteBuffer buffer_;
  std::size_t offset_ = 0;
};

}  // namespace selvage::netlink
