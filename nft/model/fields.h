#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "nft/model/table.h"

/// The layout of set keys (see ElementKey): which bytes belong to which field.
namespace selvage::nft {

/// Bytes of a field's value, without padding.
[[nodiscard]] std::size_t field_size(FieldType type);

/// `size` rounded up to a multiple of four: the bytes taken in a concatenation or in registers.
[[nodiscard]] constexpr std::size_t padded(std::size_t size) { return (size + 3) / 4 * 4; }

/// Four bytes in host order, as the kernel keeps connection states and their masks.
[[nodiscard]] std::string host_order(std::uint32_t value);

/// Bytes of a whole key: a single field bare, several padded.
[[nodiscard]] std::size_t key_size(const std::vector<FieldType>& key);

/// The fields' values without padding, as views into `bytes`. A key that is too short gives shorter
/// or empty views, never one out of bounds.
[[nodiscard]] std::vector<std::string_view> split_key(const std::vector<FieldType>& key, std::string_view bytes);

}  // namespace selvage::nft
