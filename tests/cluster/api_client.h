#pragma once

#include <string>
#include <vector>

#include "tests/cluster/api_server.h"
#include "tests/cluster/http.h"

namespace selvage::testing {

/// Speaks to an ApiServer, one request at a time, over one connection that is kept. Paths begin with "/api/v1/..."
/// or "/apis/..." and may carry a query. Throws std::runtime_error when no answer comes within a minute (the server is
/// down); an answer with any status is a value. One thread at a time for each client: for several threads make
/// several. The server may be restarted meanwhile, and outlives the client.
class ApiClient {
 public:
  /// As the administrator, by client certificate.
  explicit ApiClient(const ApiServer& server);
  /// As the user of the bearer token; empty: system:anonymous.
  ApiClient(const ApiServer& server, const std::string& token);

  /// Waits for the whole body: give a watch a timeoutSeconds.
  ApiResponse get(const std::string& path);
  ApiResponse post(const std::string& path, const std::string& json);
  ApiResponse put(const std::string& path, const std::string& json);
  /// JSON merge patch (RFC 7386), or `type`: "application/json-patch+json", "application/strategic-merge-patch+json",
  /// "application/apply-patch+yaml".
  ApiResponse patch(const std::string& path, const std::string& json,
                    const std::string& type = "application/merge-patch+json");
  /// DELETE of an object or, where the path names no object, of all there. At once, pods too (gracePeriodSeconds 0).
  ApiResponse remove(const std::string& path);

 private:
  ApiResponse request(const char* method, const std::string& path, const std::string& body, const std::string& type);

  std::string url_;
  std::vector<std::string> headers_;
  Http http_;
};

/// The body when the status is 2xx; otherwise throws std::runtime_error with status and body:
/// `must(client.post("/api/v1/namespaces", json))`.
std::string must(ApiResponse response);

/// Deletes a namespace as the namespace controller, which is not there, would: its pods, networkpolicies and service
/// accounts first, then the namespace itself. Throws when the server refuses.
void remove_namespace(ApiClient& client, const std::string& name);

}  // namespace selvage::testing
