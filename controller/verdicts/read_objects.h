#pragma once

#include <vector>

#include "base/result.h"
#include "controller/sources/source.h"
#include "policy/model/model.h"

namespace selvage::controller {

struct ObjectsRead {
  std::vector<policy::Object> objects;  ///< without policies that are staged
  bool complete = true;                 ///< no object or document was refused
};

/// Reads all objects of a folder or an API server once; blocks until the first full list, half a minute at most. Logs
/// objects that are refused. `staged`: whether policies without a mode are staged. Fails if the source cannot be read.
Result<ObjectsRead> read_objects(const SourceOptions& options, bool staged);

}  // namespace selvage::controller
