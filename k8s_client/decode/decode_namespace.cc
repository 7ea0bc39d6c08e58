#include "k8s_client/decode/decode.h"

namespace selvage::k8s_client {

std::optional<policy::Namespace> decode_namespace(const Field& object, const Identity& identity,
                                                  std::optional<Complaint>& of_mode) {
  auto labels = decode_labels(object["metadata"]["labels"]);
  if (!labels) return std::nullopt;
  // The API server always sets this label; the last of equal keys is used.
  labels->emplace_back(kNamespaceNameLabel, identity.name);
  const auto mode = decode_mode(object.reporting_to(of_mode));
  return policy::Namespace{identity.name, policy::Labels(std::move(*labels)), mode};
}

}  // namespace selvage::k8s_client
