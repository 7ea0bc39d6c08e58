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

/// Readable bytes behind every text that a splitter hands out (simdjson reads ahead).
inline constexpr std::size_t kJsonPadding = 64;
/// A value above this size is not kept, in bytes. etcd's own limit is 1.5 MiB by default.
inline constexpr std::size_t kMaxJsonValueBytes = 32U << 20U;

/// What a splitter cuts out of a body.
struct JsonPart {
  enum class Kind : std::uint8_t {
    value,      ///< a whole value: a watch event, or one of a list's items
    oversized,  ///< the start (64 KiB) of a value above kMaxJsonValueBytes; the rest was passed over
    list,       ///< at a list's end: the list with its items left out ("items":[])
  };
  Kind kind = Kind::value;
  std::string_view text;  ///< JSON, valid during the visit, with kJsonPadding readable bytes behind it
};

/// Cuts the JSON of a response body into values as the bytes arrive, so that never more than one of
/// them is in memory. It looks at brackets and quotes only: what it hands out is checked by whoever
/// decodes it. A value that does not span chunks is handed out without a copy where padding allows.
class JsonSplitter {
 public:
  enum class Shape : std::uint8_t {
    stream,  ///< objects one after the other, white space between them: a watch
    list,    ///< one object; each element of its field "items" is a value: a list
  };
  /// Says whether to go on.
  using Visit = std::function<bool(const JsonPart&)>;

  explicit JsonSplitter(Shape shape);

  /// Takes a chunk in, of any size, and visits what it completes, in order. False: a visit said stop.
  /// An error (brackets that do not match, bytes where an object was expected) holds for ever.
  Result<bool> feed(std::string_view bytes, const Visit& visit);

  /// Whether the body may end here: a stream between values, a list after its closing bracket.
  [[nodiscard]] bool at_end() const;

 private:
  /// What a step took off the front of the bytes, and whether to go on.
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
  JsonScan scan_;    ///< of the value under way
  JsonFrame frame_;  ///< of a list: what stands around its items
  /// The value under way as far as it came in earlier chunks; kJsonPadding zeros follow when it is visited.
  std::string kept_;
  std::size_t value_bytes_ = 0;  ///< of the value under way, the ones that are not kept included
  std::size_t passed_ = 0;       ///< bytes of the body that have been read, for messages
  bool in_value_ = false;
  bool stopped_ = false;
  bool list_visited_ = false;
  std::optional<Error> error_;
};

}  // namespace selvage::k8s_client
