#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "k8s_client/manifests/manifest.h"

namespace {

using namespace selvage;

void require(bool holds) {
  if (!holds) std::abort();
}

/// A fail-closed fallback always comes with the error that caused it.
bool has_error(const k8s_client::Manifests& manifests, const policy::ObjectKey& key) {
  for (const auto& error : manifests.errors) {
    if (error.object == key) return true;
  }
  return false;
}

}  // namespace

/// Any bytes as a manifest: no crash, no undefined behaviour, and the contract of manifest.h holds.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto manifests = k8s_client::decode_manifests(text, "fuzz.yaml");
  for (const auto& decoded : manifests.objects) {
    const auto key = policy::key_of(decoded.object);
    require(!key.name.empty());
    require(decoded.line > 0);
    if (decoded.fallback) require(has_error(manifests, key));
  }
  for (const auto& error : manifests.errors) {
    require(error.object.has_value() || !manifests.complete);
    require(k8s_client::to_string(error).find('\n') == std::string::npos);
  }
  return 0;
}
