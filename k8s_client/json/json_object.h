#pragma once

#include "k8s_client/api/api_object.h"
#include "k8s_client/decode/resource.h"
#include "k8s_client/json/json_tree.h"

namespace selvage::k8s_client {

/// Decodes an object with the decoders of its row. `fault` is an error that was found before. `whole` is false for a
/// text that could not be read to its end: only its identity is used then, if that is complete.
[[nodiscard]] ApiObject decode_api_object(const ResourceRow& row, Node& object, std::optional<Complaint> fault,
                                          bool whole);

}  // namespace selvage::k8s_client
