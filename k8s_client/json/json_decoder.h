#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "k8s_client/api/api_object.h"
#include "k8s_client/decode/resource.h"

namespace selvage::k8s_client {

/// Decodes the API server's JSON, one value at a time, and only the fields that policy needs: other fields cost no
/// memory. Objects are checked as manifests are (manifests/manifest.h): both use the same decoders. Never throws; safe
/// on any bytes. Keeps its buffers between calls. Not thread-safe: use one for each thread.
///
/// Every `json` must be followed by kJsonPadding readable bytes, as the texts of JsonSplitter are.
class JsonDecoder {
 public:
  JsonDecoder();
  JsonDecoder(JsonDecoder&&) noexcept;
  JsonDecoder& operator=(JsonDecoder&&) noexcept;
  ~JsonDecoder();

  /// An item of a list. Never fails: errors are in the object's `error`. Invalid UTF-8 is read as U+FFFD, which no
  /// field that policy needs accepts.
  [[nodiscard]] ApiObject decode_object(Resource resource, std::string_view json);
  /// An event of a watch. Fails when it is not an event: no JSON object, an unknown type.
  [[nodiscard]] Result<WatchEvent> decode_event(Resource resource, std::string_view json);
  /// The frame of a list (JsonPart::list).
  [[nodiscard]] Result<ListMeta> decode_list_meta(std::string_view json);
  /// The API versions in a metav1.APIGroupList, the body of /apis: "networking.k8s.io/v1", ...
  [[nodiscard]] Result<std::vector<std::string>> decode_api_versions(std::string_view json);
  /// The body of a response with status code `code`. Never fails: a body that is not a Status is quoted in the message.
  [[nodiscard]] ApiStatus decode_status(int code, std::string_view json);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace selvage::k8s_client
