#include "k8s_client/json/json_scan.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "k8s_client/json/json_marks.h"

namespace selvage::k8s_client {
namespace {

std::size_t count(std::uint64_t mark) { return static_cast<std::size_t>(std::popcount(mark)); }

/// Bit i of the result: whether an odd number of the bits 0 to i are set.
std::uint64_t parity_up_to(std::uint64_t bits) {
  bits ^= bits << 1U;
  bits ^= bits << 2U;
  bits ^= bits << 4U;
  bits ^= bits << 8U;
  bits ^= bits << 16U;
  return bits ^ bits << 32U;
}

}  // namespace

JsonScan::Outcome JsonScan::scan(std::string_view bytes) {
  std::size_t taken = 0;
  while (taken < bytes.size()) {
    const std::size_t size = std::min(kJsonBlock, bytes.size() - taken);
    std::array<char, kJsonBlock> last;
    const char* block = bytes.data() + taken;
    if (size < kJsonBlock) {
      last.fill(' ');
      std::memcpy(last.data(), block, size);
      block = last.data();
    }
    const Outcome outcome = scan_block(block, size);
    taken += outcome.taken;
    if (outcome.state != State::open) return {taken, outcome.state};
  }
  return {taken, State::open};
}

/// The first `size` bytes of the block are text, followed by spaces.
JsonScan::Outcome JsonScan::scan_block(const char* block, std::size_t size) {
  JsonMarks marks = mark_json(JsonBlock{block});
  marks.quote &= ~find_escaped(marks.backslash, size);
  // From an opening quote up to the byte before the closing one.
  const std::uint64_t strings = parity_up_to(marks.quote) ^ (in_string_ ? ~std::uint64_t{0} : 0);
  marks.open_brace &= ~strings;
  marks.close_brace &= ~strings;
  marks.open_bracket &= ~strings;
  marks.close_bracket &= ~strings;
  in_string_ = (strings >> (kJsonBlock - 1)) != 0;
  if (braces_ > count(marks.close_brace) && brackets_ >= count(marks.close_bracket)) {
    // Nothing can end here, so the order does not matter.
    braces_ += count(marks.open_brace) - count(marks.close_brace);
    brackets_ += count(marks.open_bracket) - count(marks.close_bracket);
    return {size, State::open};
  }
  std::uint64_t rest = marks.open_brace | marks.close_brace | marks.open_bracket | marks.close_bracket;
  for (; rest != 0; rest &= rest - 1) {
    const std::uint64_t bit = rest & (~rest + 1);
    const std::size_t taken = static_cast<std::size_t>(std::countr_zero(rest)) + 1;
    if ((marks.open_brace & bit) != 0) ++braces_;
    if ((marks.open_bracket & bit) != 0) ++brackets_;
    if ((marks.close_bracket & bit) != 0 && brackets_-- == 0) return {taken, State::unmatched};
    if ((marks.close_brace & bit) == 0 || --braces_ > 0) continue;
    in_string_ = false;
    escape_open_ = false;
    return {taken, brackets_ == 0 ? State::closed : State::unmatched};
  }
  return {size, State::open};
}

/// The bytes that are escaped by a backslash.
std::uint64_t JsonScan::find_escaped(std::uint64_t backslashes, std::size_t size) {
  std::uint64_t escaped = escape_open_ ? 1 : 0;
  escape_open_ = false;
  for (std::uint64_t rest = backslashes & ~escaped; rest != 0;) {
    const auto at = static_cast<unsigned>(std::countr_zero(rest));
    if (at + 1 == size) {
      escape_open_ = true;
      break;
    }
    escaped |= std::uint64_t{2} << at;
    rest &= ~(std::uint64_t{3} << at);
  }
  return escaped;
}

}  // namespace selvage::k8s_client
