#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

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
  // The writer of json_splitter.cc fills this in.
};

}  // namespace selvage::k8s_client
