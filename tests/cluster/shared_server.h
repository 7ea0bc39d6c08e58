#pragma once

#include "tests/cluster/api_server.h"

namespace selvage::testing {

/// An API server without options that the cases of this program use one after the other: started by the first call,
/// killed when the program ends. Each call empties it of what earlier cases have made: namespaces beside Kubernetes'
/// own and objects in all of them, cluster roles and their bindings, except the agent's own ("selvage", which
/// `kubectl apply` brings back into shape). Resource versions go on. A case that stops, freezes or expires the server
/// leaves it ready, or else, when it failed, the next call starts another one. Throws std::runtime_error. One thread.
[[nodiscard]] ApiServer& shared_server();

}  // namespace selvage::testing
