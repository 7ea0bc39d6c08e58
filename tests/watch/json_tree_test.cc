#include "k8s_client/json/json_tree.h"

#include "tests/watch/json_decoding.h"

namespace selvage::k8s_client {
namespace {

/// Values and bytes of text in a tree.
struct Size {
  std::size_t nodes = 0;
  std::size_t bytes = 0;
};

Size size_of(const Node& node) {
  Size size{1, node.text.size()};
  for (const auto& child : node.children) {
    const Size part = size_of(child);
    size.nodes += part.nodes;
    size.bytes += part.bytes;
  }
  return size;
}

std::string times(const std::string& text, std::size_t count) {
  std::string result;
  for (std::size_t i = 0; i < count; ++i) result += (i == 0 ? "" : ",") + text;
  return result;
}

std::string field_list() {
  return times(R"({"manager":"kubelet","fieldsV1":{"f:status":{"f:podIP":{},"name":"x","labels":{"a":"b"}}}})", 1500);
}

/// A pod in full, with what policy does not need `filled` or empty.
std::string pod_with(bool filled) {
  const std::string container = R"({"name":"c","image":"x","env":[)" +
                                (filled ? times(R"({"name":"A","value":"b"})", 500) : "") +
                                R"(],"ports":[{"name":"http","containerPort":80,"protocol":"TCP","hostPort":1}]})";
  return pod_json(R"(,"spec":{"volumes":[)" + (filled ? times(R"({"name":"v","nodeName":"x"})", 1000) : "") +
                      R"(],"nodeName":"n","containers":[)" + container +
                      R"(]},"status":{"podIP":"10.0.0.1","conditions":[)" +
                      (filled ? times(R"({"type":"Ready","podIP":"x"})", 1000) : "") + "]}",
                  R"(,"labels":{"app":"web"},"managedFields":[)" + (filled ? field_list() : "") + "]");
}

}  // namespace

TEST_CASE("fields that policy does not need make no difference, and no larger tree") {
  const std::string full = pod_with(true);
  const std::string bare = pod_with(false);
  REQUIRE(full.size() > 100'000);
  const ApiObject object = decode_object(Resource::pods, full);
  CHECK_FALSE(object.error);
  check_same(object, decode_object(Resource::pods, bare));
  JsonTreeReader reader;
  const Size large = size_of(reader.read(PaddedText(full).view(), row_of(Resource::pods).shapes->object).root);
  const Size small = size_of(reader.read(PaddedText(bare).view(), row_of(Resource::pods).shapes->object).root);
  CHECK(large.nodes == small.nodes);
  CHECK(large.nodes < 50);
  CHECK(large.bytes < 300);
}

TEST_CASE("a policy's whole spec is read, and the names of the fields beside it") {
  JsonTreeReader reader;
  const PaddedText json(policy_json(R"({"a":[1,{"b":null}]})", R"(,"status":{"c":[1,2,3]})"));
  const JsonTree& tree = reader.read(json.view(), row_of(Resource::network_policies).shapes->object);
  CHECK(tree.whole);
  CHECK_FALSE(tree.fault);
  CHECK(json_of(tree.root) == R"({"metadata":{"name":"p","namespace":"prod","resourceVersion":"8"},)"
                              R"("spec":{"a":[1,{"b":null}]},"status":null})");
}

TEST_CASE("numbers and booleans are plain, strings are not, and repeated keys are kept") {
  JsonTreeReader reader;
  const PaddedText json(policy_json(R"({"a":80,"a":"80","b":true,"b":"true","c":-1.50E+3})"));
  const Node& spec = reader.read(json.view(), row_of(Resource::network_policies).shapes->object).root.children.at(3);
  REQUIRE(spec.children.size() == 10);
  const bool plain[] = {true, false, true, false, true};
  for (std::size_t i = 0; i < 5; ++i) CHECK(spec.children[2 * i + 1].plain == plain[i]);
  CHECK(spec.children[9].text == "-1.50E+3");
}

TEST_CASE("a reader forgets what it read before") {
  JsonTreeReader reader;
  static_cast<void>(reader.read(PaddedText(R"({"metadata":{"name")").view(), row_of(Resource::pods).shapes->object));
  const JsonTree& tree = reader.read(PaddedText("{}").view(), row_of(Resource::pods).shapes->object);
  CHECK(tree.whole);
  CHECK_FALSE(tree.fault);
  CHECK(tree.root.children.empty());
}

}  // namespace selvage::k8s_client
