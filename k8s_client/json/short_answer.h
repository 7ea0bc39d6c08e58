#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "k8s_client/api/api_object.h"
#include "k8s_client/api/transport.h"

namespace selvage::k8s_client {

/// Keeps a response with a short body, which is read up to a limit.
class ShortAnswer : public ResponseSink {
 public:
  /// `limit`: bytes of the body to keep at most.
  explicit ShortAnswer(std::size_t limit = std::size_t{64} << 10U) : limit_(limit) {}

  bool head(const ResponseHead& head) override;
  bool body(std::string_view bytes) override;

  /// HTTP status code; 0 before the head has come.
  [[nodiscard]] int code() const { return head_.status; }
  /// The server's explanation, with its header Retry-After where the body has none.
  [[nodiscard]] ApiStatus status() const;
  /// The API versions, where the body is a metav1.APIGroupList.
  [[nodiscard]] Result<std::vector<std::string>> api_versions() const;

 private:
  template <class Decode>
  [[nodiscard]] auto decoded(Decode decode) const;

  std::size_t limit_;
  ResponseHead head_;
  std::string text_;
};

}  // namespace selvage::k8s_client
