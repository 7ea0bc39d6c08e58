#pragma once

#include "k8s_client/api/api_object.h"
#include "k8s_client/decode/resource.h"
#include "k8s_client/json/json_tree.h"

namespace selvage::k8s_client {

/// Decodes an object of the resource, with the decoders that manifests have. `fault`: what is wrong
/// already. `whole`: false where the text could not be read to the end: then what it says is not
/// relied on, only its identity, if that is there in full.
[[nodiscard]] ApiObject decode_api_object(const ResourceRow& row, Node& object, std::optional<Complaint> fault,
                                          bool whole);

}  // namespace selvage::k8s_client
