#include "policy/compile/node_addresses.h"

#include <catch2/catch.hpp>

#include "tests/support/case_objects.h"

namespace selvage::testing {
namespace {

policy::Pod on_host(std::string_view id, std::initializer_list<const char*> addresses, std::string node) {
  policy::Pod object = pod(id, {}, addresses, std::move(node));
  object.host_network = true;
  return object;
}

std::string name_of(const policy::NodeAddresses& nodes, const char* text) {
  const std::string* found = nodes.find(address(text));
  return found == nullptr ? "" : *found;
}

TEST_CASE("pods on the host's network give the node's addresses, while there is one") {
  policy::NodeAddresses nodes;
  nodes.set(on_host("kube-system/a", {"192.168.0.1", "fd00::1"}, "one"));
  nodes.set(on_host("kube-system/b", {"192.168.0.1"}, "one"));
  nodes.set(on_host("kube-system/c", {"192.168.0.2"}, "two"));
  CHECK(name_of(nodes, "192.168.0.1") == "one");
  CHECK(name_of(nodes, "fd00::1") == "one");
  CHECK(name_of(nodes, "192.168.0.2") == "two");
  CHECK(name_of(nodes, "192.168.0.3").empty());
  nodes.remove("kube-system", "a");
  CHECK(name_of(nodes, "192.168.0.1") == "one");
  CHECK(name_of(nodes, "fd00::1").empty());
  nodes.remove("kube-system", "b");
  nodes.remove("kube-system", "b");
  CHECK(name_of(nodes, "192.168.0.1").empty());
}

TEST_CASE("pods with a network of their own, finished ones and unbound ones give no address") {
  policy::NodeAddresses nodes;
  nodes.set(pod("prod/a", {}, {"10.244.1.2"}, "one"));
  nodes.set(on_host("prod/b", {"192.168.0.1"}, ""));
  auto object = on_host("prod/c", {"192.168.0.2"}, "one");
  nodes.set(object);
  object.finished = true;
  nodes.set(object);
  for (const char* text : {"10.244.1.2", "192.168.0.1", "192.168.0.2"}) CHECK(name_of(nodes, text).empty());
}

TEST_CASE("a node whose address changes has the new one only; of two claims the first by name counts") {
  policy::NodeAddresses nodes;
  nodes.set(on_host("prod/a", {"192.168.0.1"}, "two"));
  nodes.set(on_host("prod/a", {"192.168.0.2"}, "two"));
  CHECK(name_of(nodes, "192.168.0.1").empty());
  nodes.set(on_host("prod/b", {"192.168.0.2"}, "one"));
  CHECK(name_of(nodes, "192.168.0.2") == "one");
  nodes.remove("prod", "b");
  CHECK(name_of(nodes, "192.168.0.2") == "two");
}

}  // namespace
}  // namespace selvage::testing
