#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "controller/sources/source.h"

namespace selvage::controller {

/// Looks once for policies of other APIs, in the folder or on the API server that `options` name: a line for each kind
/// with at least one object, such as "5 CiliumNetworkPolicy objects are not enforced: ...". Blocks, for seconds if
/// the server does not answer. Fails if some kind could not be counted.
[[nodiscard]] Result<std::vector<std::string>> list_unsupported_policies(const SourceOptions& options);

}  // namespace selvage::controller
