#pragma once

#include <catch2/catch.hpp>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "k8s_client/decode/node.h"
#include "k8s_client/json/json_decoder.h"
#include "k8s_client/json/json_splitter.h"

namespace selvage::k8s_client {

/// A text with no more readable bytes behind it than a splitter promises, all of them `behind`.
class PaddedText {
 public:
  explicit PaddedText(std::string_view text, char behind = '\0')
      : bytes_(new char[text.size() + kJsonPadding]), size_(text.size()) {
    if (!text.empty()) std::memcpy(bytes_.get(), text.data(), text.size());
    std::memset(bytes_.get() + size_, behind, kJsonPadding);
  }
  [[nodiscard]] std::string_view view() const { return {bytes_.get(), size_}; }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t size_;
};

inline void check_same(const ApiObject& a, const ApiObject& b) {
  CHECK(a.key == b.key);
  CHECK(a.resource_version == b.resource_version);
  CHECK(a.object == b.object);
  CHECK(a.error == b.error);
}

/// What the decoder makes of an object; whatever bytes happen to follow in memory.
inline ApiObject decode_object(Resource resource, const std::string& json) {
  CAPTURE(json.substr(0, 2000));
  JsonDecoder decoder;
  ApiObject object = decoder.decode_object(resource, PaddedText(json).view());
  for (const char behind : {'}', ']', '"', ',', ' '}) {
    check_same(object, decoder.decode_object(resource, PaddedText(json, behind).view()));
  }
  return object;
}

inline Result<WatchEvent> decode_event(Resource resource, const std::string& json) {
  return JsonDecoder().decode_event(resource, PaddedText(json).view());
}

/// An event that must be one.
inline WatchEvent event_of(Resource resource, const std::string& json) {
  CAPTURE(json);
  auto event = decode_event(resource, json);
  REQUIRE(event);
  return std::move(*event);
}

inline policy::ObjectKey pod_key() { return {policy::Kind::pod, "prod", "web-0"}; }
inline policy::ObjectKey policy_key() { return {policy::Kind::network_policy, "prod", "p"}; }

/// Pod prod/web-0 as in a list; `metadata` and `rest` start with a comma.
inline std::string pod_json(const std::string& rest = "", const std::string& metadata = "") {
  return R"({"metadata":{"name":"web-0","namespace":"prod","resourceVersion":"7")" + metadata + "}" + rest + "}";
}

/// NetworkPolicy prod/p as in a list.
inline std::string policy_json(const std::string& spec, const std::string& rest = "") {
  return R"({"metadata":{"name":"p","namespace":"prod","resourceVersion":"8"},"spec":)" + spec + rest + "}";
}

/// A tree of YAML as JSON.
std::string json_of(const Node& node);

}  // namespace selvage::k8s_client
