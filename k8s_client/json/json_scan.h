#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace selvage::k8s_client {

/// Finds the end of a JSON object, by its brackets and quotes only. Takes it in parts of any size.
class JsonScan {
 public:
  enum class State : std::uint8_t {
    open,       ///< the object continues
    closed,     ///< its last bracket is the last of `taken`
    unmatched,  ///< the last of `taken` is an unmatched closing bracket
  };
  struct Outcome {
    std::size_t taken = 0;  ///< how many of the bytes belong to the object
    State state = State::open;
  };

  /// Takes the object's next bytes, starting with its opening bracket. After `closed` the next object begins.
  Outcome scan(std::string_view bytes);

 private:
  Outcome scan_block(const char* block, std::size_t size);
  std::uint64_t find_escaped(std::uint64_t backslashes, std::size_t size);

  std::size_t braces_ = 0;    ///< open ones
  std::size_t brackets_ = 0;  ///< open ones
  bool in_string_ = false;
  bool escape_open_ = false;  ///< the byte before was a backslash that escapes the next one
};

}  // namespace selvage::k8s_client
