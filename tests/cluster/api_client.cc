#include "tests/cluster/api_client.h"

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace selvage::testing {

constexpr const char* kJson = "application/json";

ApiClient::ApiClient(const ApiServer& server)
    : url_(server.url()),
      http_(server.where(), {server.ca_file(), server.file("admin.crt"), server.file("admin.key")}) {}

ApiClient::ApiClient(const ApiServer& server, const std::string& token)
    : url_(server.url()), http_(server.where(), {server.ca_file(), {}, {}}) {
  if (!token.empty()) headers_.push_back("Authorization: Bearer " + token);
}

ApiResponse ApiClient::get(const std::string& path) { return request("GET", path, {}, {}); }

ApiResponse ApiClient::post(const std::string& path, const std::string& json) {
  return request("POST", path, json, kJson);
}

ApiResponse ApiClient::put(const std::string& path, const std::string& json) {
  return request("PUT", path, json, kJson);
}

ApiResponse ApiClient::patch(const std::string& path, const std::string& json, const std::string& type) {
  return request("PATCH", path, json, type);
}

ApiResponse ApiClient::remove(const std::string& path) {
  return request("DELETE", path, R"({"apiVersion":"v1","kind":"DeleteOptions","gracePeriodSeconds":0})", kJson);
}

ApiResponse ApiClient::request(const char* method, const std::string& path, const std::string& body,
                               const std::string& type) {
  std::vector<std::string> headers = headers_;
  headers.emplace_back("Accept: application/json");
  if (!type.empty()) headers.push_back("Content-Type: " + type);
  return http_.request(method, url_ + path, headers, body);
}

std::string must(ApiResponse response) {
  if (response.status / 100 != 2)
    throw std::runtime_error("the API server answered " + std::to_string(response.status) + ": " + response.body);
  return std::move(response.body);
}

void remove_namespace(ApiClient& client, const std::string& name) {
  const std::string path = "/api/v1/namespaces/" + name;
  must(client.remove(path + "/pods"));
  must(client.remove("/apis/networking.k8s.io/v1/namespaces/" + name + "/networkpolicies"));
  must(client.remove(path + "/serviceaccounts"));
  must(client.remove(path));
  // What remains holds it back: the finalizer that stands for the controller's work above.
  nlohmann::json object = nlohmann::json::parse(must(client.get(path)));
  object["spec"]["finalizers"] = nlohmann::json::array();
  must(client.put(path + "/finalize", object.dump()));
}

}  // namespace selvage::testing
