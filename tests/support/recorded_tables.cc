#include "tests/support/recorded_tables.h"

#include <linux/netlink.h>

#include <cctype>
#include <fstream>
#include <stdexcept>
#include <string>

#include "netlink/socket.h"

namespace selvage::testing {
namespace {

/// Appends the bytes that a line of hexadecimal digits stands for.
void append(RecordedBatch& batch, const std::string& line) {
  std::string digits;
  for (const char c : line) {
    if (std::isspace(static_cast<unsigned char>(c)) != 0) continue;
    if (std::isxdigit(static_cast<unsigned char>(c)) == 0) throw std::runtime_error("not hexadecimal: " + line);
    digits += c;
  }
  if (digits.size() % 2 != 0) throw std::runtime_error("half a byte: " + line);
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    batch.push_back(static_cast<std::uint8_t>(std::stoi(digits.substr(i, 2), nullptr, 16)));
  }
}

}  // namespace

std::vector<RecordedBatch> recorded_batches(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::vector<RecordedBatch> batches(1);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with('#')) continue;
    if (!line.empty()) {
      append(batches.back(), line);
    } else if (!batches.back().empty()) {
      batches.emplace_back();
    }
  }
  if (batches.back().empty()) batches.pop_back();
  if (batches.empty()) throw std::runtime_error("no batches in " + file.string());
  return batches;
}

Result<void> replay(const std::vector<RecordedBatch>& batches) {
  auto socket = netlink::Socket::open(NETLINK_NETFILTER);
  if (!socket) return tl::unexpected(socket.error());
  for (const RecordedBatch& batch : batches) {
    const auto answer = socket->send_batch(batch);
    if (!answer) return tl::unexpected(answer.error());
    if (!answer->refusals.empty()) return fail_errno("replay of recorded tables", answer->refusals.front().code);
  }
  return {};
}

}  // namespace selvage::testing
