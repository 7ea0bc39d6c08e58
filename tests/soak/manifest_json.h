#pragma once

#include <string>

#include "policy/model/model.h"

namespace selvage::soak {

/// The object as a manifest, in JSON. A rule's peers, and ports, must not be an empty list unless it is for anyone.
[[nodiscard]] std::string manifest_of(const policy::Object& object);

}  // namespace selvage::soak
