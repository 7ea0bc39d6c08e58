#pragma once

#include <memory>
#include <string>
#include <variant>

#include "base/result.h"
#include "controller/agent/agent.h"
#include "controller/sources/api_source.h"
#include "controller/sources/folder_source.h"
#include "controller/sources/mailbox.h"

namespace selvage::controller {

/// What an agent follows: a folder, or the API server. Runs until it is destroyed.
using Source = std::variant<std::unique_ptr<FolderSource>, std::unique_ptr<ApiSource>>;

/// Starts to follow what `options` say. `mailbox` and what `monitoring` names must outlive the source. Fails where the
/// folder cannot be watched, or where no usable configuration for an API server is found.
Result<Source> start_source(const AgentOptions& options, Mailbox& mailbox, const Monitoring& monitoring);

/// Starts to follow the API server, of which `options` say how to find it.
Result<std::unique_ptr<ApiSource>> start_api_source(const AgentOptions& options, Mailbox& mailbox,
                                                    const Monitoring& monitoring);

}  // namespace selvage::controller
