#include "policy/model/model.h"

#include <catch2/catch.hpp>

namespace selvage::policy {
namespace {

Pod pod(const std::string& namespace_name, const std::string& name) {
  Pod result;
  result.namespace_name = namespace_name;
  result.name = name;
  return result;
}

TEST_CASE("objects of different kinds, namespaces or names have keys of their own") {
  NetworkPolicy policy;
  policy.namespace_name = "prod";
  policy.name = "web";
  const ObjectKey key = key_of(pod("prod", "web"));
  CHECK(key == key_of(pod("prod", "web")));
  CHECK(key != key_of(pod("dev", "web")));
  CHECK(key != key_of(pod("prod", "api")));
  CHECK(key != key_of(policy));
  CHECK(key_of(Namespace{"prod", {}}) != key_of(Namespace{"dev", {}}));
}

TEST_CASE("an object's key stays when its content changes") {
  Pod changed = pod("prod", "web");
  changed.uid = "other";
  changed.finished = true;
  CHECK(key_of(changed) == key_of(pod("prod", "web")));
}

TEST_CASE("keys in words name the kind and the namespace") {
  CHECK(to_string(key_of(pod("prod", "web-0"))) == "Pod prod/web-0");
  CHECK(to_string(key_of(Namespace{"prod", {}})) == "Namespace prod");
  CHECK(to_string(ObjectKey{Kind::network_policy, "prod", "deny"}) == "NetworkPolicy prod/deny");
}

TEST_CASE("events carry the key of their object") {
  const Event set = upsert(pod("prod", "web"));
  CHECK(set.key == key_of(pod("prod", "web")));
  CHECK(std::get<Pod>(set.object.value()) == pod("prod", "web"));
  const Event gone = removal(set.key);
  CHECK(gone.key == set.key);
  CHECK_FALSE(gone.object.has_value());
}

TEST_CASE("protocols have their IANA numbers and Kubernetes' names") {
  CHECK(static_cast<int>(Protocol::tcp) == 6);
  CHECK(static_cast<int>(Protocol::udp) == 17);
  CHECK(static_cast<int>(Protocol::sctp) == 132);
  CHECK(std::string(to_string(Protocol::sctp)) == "SCTP");
}

}  // namespace
}  // namespace selvage::policy
