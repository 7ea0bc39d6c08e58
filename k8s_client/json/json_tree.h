#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "k8s_client/decode/field.h"
#include "k8s_client/decode/json_shape.h"
#include "k8s_client/decode/node.h"

namespace selvage::k8s_client {

/// Limit for the values in one text. The largest object that etcd accepts has half of them.
inline constexpr std::size_t kMaxJsonNodes = 500'000;

/// The parts of a JSON text that were read.
struct JsonTree {
  Node root;  ///< null if the text does not start with an object
  /// The first invalid JSON in the parts that are read. `line` is 0.
  std::optional<Complaint> fault;
  /// False: reading stopped at the fault, and anything behind it may be missing.
  bool whole = true;
};

/// Reads JSON into a tree for the decoders (decode/field.h), without fields that are not needed; these are hardly
/// checked. Keeps repeated keys. Numbers and booleans are plain, as written; strings are not. A string that cannot be
/// read is U+FFFD, which no decoder accepts. Safe on any bytes; not thread-safe.
class JsonTreeReader {
 public:
  JsonTreeReader();
  JsonTreeReader(JsonTreeReader&&) noexcept;
  JsonTreeReader& operator=(JsonTreeReader&&) noexcept;
  ~JsonTreeReader();

  /// `json` is followed by kJsonPadding readable bytes. The tree is valid until the next call.
  [[nodiscard]] JsonTree& read(std::string_view json, const JsonShape& shape);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace selvage::k8s_client
