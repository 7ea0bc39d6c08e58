#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace selvage::k8s_client {

/// Where 64 bytes have the characters that structure JSON: bit i stands for byte i.
struct JsonMarks {
  std::uint64_t quote = 0;
  std::uint64_t backslash = 0;
  std::uint64_t open_brace = 0;
  std::uint64_t close_brace = 0;
  std::uint64_t open_bracket = 0;
  std::uint64_t close_bracket = 0;

  friend bool operator==(const JsonMarks&, const JsonMarks&) = default;
};

inline constexpr std::size_t kJsonBlock = 64;

/// Finds bytes, eight at a time, on any machine.
struct PlainBlock {
  const char* bytes;

  [[nodiscard]] std::uint64_t equal_to(char wanted) const {
    std::uint64_t mark = 0;
    for (std::size_t i = 0; i < kJsonBlock; i += 8) mark |= eight_equal_to(bytes + i, wanted) << i;
    return mark;
  }

 private:
  static std::uint64_t eight_equal_to(const char* eight, char wanted) {
    constexpr std::uint64_t kEach = 0x0101010101010101;
    constexpr std::uint64_t kLow = 0x7f7f7f7f7f7f7f7f;
    std::uint64_t word = 0;
    std::memcpy(&word, eight, sizeof word);
    if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
    word ^= kEach * static_cast<unsigned char>(wanted);
    // The top bits of the bytes that are zero now, then gathered into eight adjacent bits.
    const std::uint64_t zeros = ~(((word & kLow) + kLow) | word | kLow);
    return ((zeros >> 7U) * 0x0102040810204080) >> 56U;
  }
};

#if defined(__SSE2__)

/// The same, 16 at a time.
struct SseBlock {
  const char* bytes;

  [[nodiscard]] std::uint64_t equal_to(char wanted) const {
    return lane_equal_to(0, wanted) | lane_equal_to(16, wanted) | lane_equal_to(32, wanted) | lane_equal_to(48, wanted);
  }

 private:
  [[nodiscard]] std::uint64_t lane_equal_to(unsigned at, char wanted) const {
    const __m128i lane = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + at));
    const auto bits = static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(lane, _mm_set1_epi8(wanted))));
    return std::uint64_t{bits} << at;
  }
};
using JsonBlock = SseBlock;

#else
using JsonBlock = PlainBlock;
#endif

template <class Block>
[[nodiscard]] JsonMarks mark_json(const Block& block) {
  return {block.equal_to('"'), block.equal_to('\\'), block.equal_to('{'),
          block.equal_to('}'), block.equal_to('['),  block.equal_to(']')};
}

}  // namespace selvage::k8s_client
