#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "k8s_client/api/api_object.h"
#include "k8s_client/decode/resource.h"

namespace selvage::k8s_client {

/// Decodes the API server's JSON, one value at a time, reading only the fields that policy needs: what
/// it does not need costs no memory. The checks, and what a bad object comes to, are those of
/// manifests (k8s_client/manifest.h): both go through the same decoders. Never throws; safe on any
/// bytes. Keeps its buffers between calls; not thread-safe, one for each thread.
///
/// Every `json` must have kJsonPadding readable bytes behind it, as JsonSplitter's texts have.
class JsonDecoder {
 public:
  JsonDecoder();
  JsonDecoder(JsonDecoder&&) noexcept;
  JsonDecoder& operator=(JsonDecoder&&) noexcept;
  ~JsonDecoder();

  /// An item of a list. Never fails: what is wrong is in the object's `error`. Bytes that are no UTF-8
  /// are read as U+FFFD, which no field that policy reads admits.
  [[nodiscard]] ApiObject decode_object(Resource resource, std::string_view json);
  /// An event of a watch. An error where this is none at all: no JSON object, an unknown type.
  [[nodiscard]] Result<WatchEvent> decode_event(Resource resource, std::string_view json);
  /// The frame of a list (JsonPart::list).
  [[nodiscard]] Result<ListMeta> decode_list_meta(std::string_view json);
  /// The API versions in a metav1.APIGroupList, the body of /apis: "networking.k8s.io/v1", ...
  [[nodiscard]] Result<std::vector<std::string>> decode_api_versions(std::string_view json);
  /// The body of a response with status code `code`. Never fails: a body that is no Status is quoted
  /// in the message.
  [[nodiscard]] ApiStatus decode_status(int code, std::string_view json);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace selvage::k8s_client
