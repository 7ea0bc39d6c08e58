#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "netlink/byte_buffer.h"
#include "nft/plan/operations.h"

namespace selvage::nft {

/// A message of a batch, and the operation that it belongs to.
struct MessageOrigin {
  std::size_t offset = 0;         ///< of the message in the batch's bytes
  std::size_t operation = 0;      ///< index of the operation
  std::size_t first_element = 0;  ///< element lists: index of the message's first element in the list
};

/// One transaction as netlink messages, from NFNL_MSG_BATCH_BEGIN to NFNL_MSG_BATCH_END; sent to the
/// kernel in one sendmsg(2). The message `messages[i]` has sequence number first_sequence + 1 + i;
/// the batch's begin has first_sequence, its end the last one. The last message asks for an
/// acknowledgement: it arrives after the commit.
struct Batch {
  netlink::ByteBuffer bytes;
  std::uint32_t first_sequence = 0;
  std::vector<MessageOrigin> messages;  ///< without begin and end

  [[nodiscard]] std::uint32_t last_operation_sequence() const {
    return first_sequence + static_cast<std::uint32_t>(messages.size());
  }
};

/// Encodes `operations` (at least one) as one batch, of any size: elements are spread over as many messages as needed.
/// Fails with EINVAL or ENAMETOOLONG when a value does not fit a message (a name over 255 bytes, a key or comparison
/// over 64 bytes).
[[nodiscard]] Result<Batch> encode(std::span<const Operation> operations, std::uint32_t first_sequence);

/// The operation, or the element of it, that a message was refused for.
struct Culprit {
  std::size_t operation = 0;           ///< index of the operation
  std::optional<std::size_t> element;  ///< of element lists: index in the operation's list
};

/// Finds the refused part: the operation of the message with this sequence number; in an element list also the
/// element that `bad_offset` (NLMSGERR_ATTR_OFFS: of an attribute, from the start of the message) lies in. Nothing when
/// the number belongs to no operation of the batch.
[[nodiscard]] std::optional<Culprit> locate(const Batch& batch, std::span<const Operation> operations,
                                            std::uint32_t sequence, std::optional<std::uint32_t> bad_offset);

/// The same as text; empty for nothing.
[[nodiscard]] std::string explain(const Batch& batch, std::span<const Operation> operations, std::uint32_t sequence,
                                  std::optional<std::uint32_t> bad_offset);

}  // namespace selvage::nft
