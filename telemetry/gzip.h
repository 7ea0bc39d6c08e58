#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace selvage::telemetry {

/// `text` as a gzip file (RFC 1952), optimised for speed. Fails where memory is missing.
Result<std::string> gzipped(std::string_view text);

}  // namespace selvage::telemetry
