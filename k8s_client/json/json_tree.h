#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "k8s_client/decode/field.h"
#include "k8s_client/decode/json_shape.h"
#include "k8s_client/decode/node.h"

namespace selvage::k8s_client {

/// Values of one text that are read at most. The largest object that etcd takes has half of them.
inline constexpr std::size_t kMaxJsonNodes = 500'000;

/// What was read of one JSON text.
struct JsonTree {
  Node root;  ///< null where the text starts with no object
  /// What is no JSON in the parts that are read, first of all. `line` is 0.
  std::optional<Complaint> fault;
  /// False: reading stopped at the fault. What is there may lack anything that came behind it.
  bool whole = true;
};

/// Reads JSON into the tree that decoders take (k8s_client/field.h), leaving out what is not needed.
/// Repeated keys are kept. Numbers and booleans are plain, as they are written; strings are not. A
/// string that cannot be read is U+FFFD, which no decoder admits. What is left out is hardly checked.
/// Safe on any bytes; not thread-safe.
class JsonTreeReader {
 public:
  JsonTreeReader();
  JsonTreeReader(JsonTreeReader&&) noexcept;
  JsonTreeReader& operator=(JsonTreeReader&&) noexcept;
  ~JsonTreeReader();

  /// `json` has kJsonPadding readable bytes behind it. The tree stands until the next call.
  [[nodiscard]] JsonTree& read(std::string_view json, const JsonShape& shape);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace selvage::k8s_client
