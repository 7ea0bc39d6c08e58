#include <cstdlib>

#include "k8s_client/config/kubeconfig.h"

namespace selvage::k8s_client {

Environment process_environment() {
  return [](const char* name) -> std::optional<std::string> {
    const char* value = std::getenv(name);
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
}

}  // namespace selvage::k8s_client
