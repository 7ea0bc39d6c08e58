#include "k8s_client/json/short_answer.h"

#include "k8s_client/json/json_decoder.h"
#include "k8s_client/json/json_splitter.h"

namespace selvage::k8s_client {

bool ShortAnswer::head(const ResponseHead& head) {
  head_ = head;
  return true;
}

bool ShortAnswer::body(std::string_view bytes) {
  text_.append(bytes.substr(0, limit_ - text_.size()));
  return text_.size() < limit_;
}

template <class Decode>
auto ShortAnswer::decoded(Decode decode) const {
  const std::string padded = text_ + std::string(kJsonPadding, '\0');
  JsonDecoder decoder;
  return decode(decoder, std::string_view(padded).substr(0, text_.size()));
}

ApiStatus ShortAnswer::status() const {
  ApiStatus status =
      decoded([&](JsonDecoder& decoder, std::string_view json) { return decoder.decode_status(code(), json); });
  if (head_.retry_after) status.retry_after = head_.retry_after;
  return status;
}

Result<std::vector<std::string>> ShortAnswer::api_versions() const {
  return decoded([](JsonDecoder& decoder, std::string_view json) { return decoder.decode_api_versions(json); });
}

}  // namespace selvage::k8s_client
