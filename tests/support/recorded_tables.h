#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "base/result.h"

/// Tables as another version of the program wrote them, byte by byte.
namespace selvage::testing {

/// A batch of netlink messages, as a program sent it to nf_tables.
using RecordedBatch = std::vector<std::uint8_t>;

/// The batches in a file: bytes in hexadecimal digits, white space anywhere, an empty line between two batches, lines
/// that begin with '#' left out. Throws std::runtime_error where the file cannot be read or holds something else.
[[nodiscard]] std::vector<RecordedBatch> recorded_batches(const std::filesystem::path& file);

/// Sends the batches in this network namespace, one transaction each, by one socket that is closed at the end: tables
/// that it owned are then orphans. Fails on the first that the kernel refuses.
[[nodiscard]] Result<void> replay(const std::vector<RecordedBatch>& batches);

}  // namespace selvage::testing
