#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "k8s_client/json/json_frame.h"
#include "k8s_client/json/json_scan.h"

namespace selvage::k8s_client {

/// Readable bytes behind every text from a splitter (simdjson reads ahead).
inline constexpr std::size_t kJsonPadding = 64;
/// Larger values are not kept, in bytes. etcd's own limit is 1.5 MiB by default.
inline constexpr std::size_t kMaxJsonValueBytes = 32U << 20U;

/// A part of a body.
struct JsonPart {
  enum class Kind : std::uint8_t {
    value,      ///< a complete value: a watch event, or an item of a list
    oversized,  ///< the start (64 KiB) of a value above kMaxJsonValueBytes; the rest was skipped
    list,       ///< at the end of a list: the list without its items ("items":[])
  };
  Kind kind = Kind::value;
  std::string_view text;  ///< JSON, valid during the visit, with kJsonPadding readable bytes behind it
};

/// Splits the JSON of a response body into values as the bytes arrive, so that only one of them is in memory. Looks at
/// brackets and quotes only: values must be checked by a decoder. A value that does not span chunks is not copied if
/// there is room for its padding.
class JsonSplitter {
 public:
  enum class Shape : std::uint8_t {
    stream,  ///< objects one after the other, white space between them: a watch
    list,    ///< one object; each element of its field "items" is a value: a list
  };
  /// Returns whether to continue.
  using Visit = std::function<bool(const JsonPart&)>;

  explicit JsonSplitter(Shape shape);

  /// Takes a chunk of any size, and visits the parts that it completes, in order. False: a visit returned false. An
  /// error (unmatched brackets, other bytes than an object) is permanent.
  Result<bool> feed(std::string_view bytes, const Visit& visit);

  /// Whether the body may end here: a stream between values, a list after its closing bracket.
  [[nodiscard]] bool at_end() const;

 private:
  /// How many bytes a step took, and whether to continue.
  struct Step {
    std::size_t taken = 0;
    bool go_on = true;
  };

  Result<Step> step(std::string_view bytes, const Visit& visit);
  Result<Step> step_in_value(std::string_view bytes, const Visit& visit);
  Result<Step> step_in_stream(std::string_view bytes);
  Result<Step> step_in_list(std::string_view bytes, const Visit& visit);
  void start_value();
  void keep(std::string_view part);
  [[nodiscard]] JsonPart value(std::string_view last_part, std::size_t readable);
  void forget_value();

  Shape shape_;
  JsonScan scan_;    ///< of the current value
  JsonFrame frame_;  ///< the text around a list's items
  /// The parts of the current value from earlier chunks; kJsonPadding zeros follow when it is visited.
  std::string kept_;
  std::size_t value_bytes_ = 0;  ///< of the current value, including those that are not kept
  std::size_t passed_ = 0;       ///< bytes of the body that were read, for messages
  bool in_value_ = false;
  bool stopped_ = false;
  bool list_visited_ = false;
  std::optional<Error> error_;
};

}  // namespace selvage::k8s_client
