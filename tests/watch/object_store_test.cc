#include "k8s_client/watch/object_store.h"

#include <catch2/catch.hpp>

#include "tests/watch/stored_objects.h"

namespace selvage::k8s_client {
namespace {

/// A store with what its events add up to.
struct Followed {
  explicit Followed(Resource of) : resource(of), store(of) {}

  Update add(ApiObject item) {
    return apply([&](Update& update) { store.add_item(std::move(item), update); });
  }
  Update finish() {
    return apply([&](Update& update) { store.finish_list(update); });
  }
  Update list(std::vector<ApiObject> items) {
    store.begin_list();
    return apply([&](Update& update) {
      for (auto& item : items) store.add_item(std::move(item), update);
      store.finish_list(update);
    });
  }
  Update change(ApiObject object) {
    return apply([&](Update& update) { store.upsert(std::move(object), update); });
  }
  Update remove(const std::string& name) {
    const auto key = policy::key_of(object_saying(resource, name, ""));
    return apply([&](Update& update) { store.remove(key, update); });
  }
  template <class Change>
  Update apply(const Change& change) {
    Update update;
    change(update);
    shelf.apply(update);
    return update;
  }
  [[nodiscard]] ApiObject item(const std::string& name, const std::string& version, const std::string& says = "") {
    return good(resource, name, version, says.empty() ? version : says);
  }
  /// "a=5 b=7": each object with its label.
  [[nodiscard]] std::string stands() const {
    std::string text;
    for (const auto& [key, object] : shelf.objects()) text += (text.empty() ? "" : " ") + key.name + "=" + says(object);
    return text;
  }

  Resource resource;
  ObjectStore store;
  Shelf shelf;

 private:
  static std::string says(const policy::Object& object) {
    if (const auto* name_space = std::get_if<policy::Namespace>(&object)) {
      return std::string(*name_space->labels.find("says"));
    }
    if (const auto* pod = std::get_if<policy::Pod>(&object)) return std::string(*pod->labels.find("says"));
    return std::get<policy::NetworkPolicy>(object).pod_selector.requirements.at(0).values.at(0);
  }
};

TEST_CASE("the first list is delivered item by item; objects of an earlier try that are gone are removed") {
  Followed followed(Resource::namespaces);
  followed.store.begin_list();
  CHECK(followed.add(followed.item("a", "1")).events.size() == 1);
  CHECK(followed.add(followed.item("b", "2")).events.size() == 1);
  followed.store.begin_list();
  CHECK(followed.add(followed.item("b", "2")).events.empty());
  CHECK(followed.add(followed.item("c", "3")).events.size() == 1);
  CHECK(followed.stands() == "a=1 b=2 c=3");
  CHECK(followed.finish().events.size() == 1);
  CHECK(followed.stands() == "b=2 c=3");
  CHECK(followed.store.size() == 2);
}

TEST_CASE("a later list replaces the objects in one step, with only the difference as events") {
  Followed followed(Resource::pods);
  followed.list({followed.item("same", "1"), followed.item("changed", "2"), followed.item("gone", "3")});
  followed.store.begin_list();
  CHECK(followed.add(followed.item("changed", "5")).events.empty());
  CHECK(followed.add(followed.item("new", "6")).events.empty());
  CHECK(followed.add(followed.item("same", "1")).events.empty());
  CHECK(followed.stands() == "changed=2 gone=3 same=1");
  CHECK(followed.finish().events.size() == 3);
  CHECK(followed.stands() == "changed=5 new=6 same=1");
  CHECK(followed.store.size() == 3);
}

TEST_CASE("an abandoned list changes nothing, and the next one is compared with the delivered objects") {
  Followed followed(Resource::pods);
  followed.list({followed.item("a", "1"), followed.item("b", "2")});
  followed.store.begin_list();
  followed.add(followed.item("a", "5"));
  followed.add(followed.item("c", "6"));
  CHECK(followed.list({followed.item("a", "7"), followed.item("b", "2")}).events.size() == 1);
  CHECK(followed.stands() == "a=7 b=2");
  CHECK(followed.list({followed.item("a", "7"), followed.item("b", "2")}).events.empty());
}

TEST_CASE("a list after changes in a watch brings no events") {
  Followed followed(Resource::network_policies);
  followed.list({});
  CHECK(followed.change(followed.item("a", "1")).events.size() == 1);
  CHECK(followed.change(followed.item("a", "2")).events.size() == 1);
  CHECK(followed.change(followed.item("b", "3")).events.size() == 1);
  CHECK(followed.remove("b").events.size() == 1);
  CHECK(followed.remove("b").events.empty());
  CHECK(followed.list({followed.item("a", "2")}).events.empty());
  CHECK(followed.stands() == "a=2");
  CHECK(followed.list({followed.item("b", "9")}).events.size() == 2);
  CHECK(followed.stands() == "b=9");
}

TEST_CASE("an object without a version is delivered each time") {
  Followed followed(Resource::namespaces);
  followed.list({followed.item("a", "", "one")});
  CHECK(followed.list({followed.item("a", "", "two")}).events.size() == 1);
  CHECK(followed.stands() == "a=two");
}

TEST_CASE("a bad object without a version is reported each time") {
  Followed followed(Resource::pods);
  CHECK(followed.list({bad(followed.resource, "a", "")}).errors.size() == 1);
  CHECK(followed.list({bad(followed.resource, "a", "")}).errors.size() == 1);
}

TEST_CASE("an object that turns bad keeps its last good version, until it is good or gone") {
  const auto resource = GENERATE(Resource::namespaces, Resource::pods, Resource::network_policies);
  Followed followed(resource);
  followed.list({followed.item("a", "1")});
  SECTION("by watch") {
    const Update update = followed.change(bad(resource, "a", "2"));
    CHECK(update.errors == std::vector{*bad(resource, "a", "2").error});
    CHECK(update.events.empty());
  }
  SECTION("by list") {
    const Update update = followed.list({bad(resource, "a", "2")});
    CHECK(update.errors == std::vector{*bad(resource, "a", "2").error});
    CHECK(update.events.empty());
  }
  CHECK(followed.stands() == "a=1");
  CHECK(followed.store.complete());
  SECTION("bad again") { CHECK(followed.change(bad(resource, "a", "3")).errors.size() == 1); }
  SECTION("good again") {
    CHECK(followed.change(followed.item("a", "3")).events.size() == 1);
    CHECK(followed.stands() == "a=3");
  }
  SECTION("deleted") {
    followed.remove("a");
    CHECK(followed.stands().empty());
  }
  SECTION("vanished from a list") {
    followed.list({});
    CHECK(followed.stands().empty());
  }
}

TEST_CASE("the error of one version is reported once, however often it is listed") {
  Followed followed(Resource::network_policies);
  followed.store.begin_list();
  CHECK(followed.add(bad(followed.resource, "a", "1")).errors.size() == 1);
  CHECK(followed.list({bad(followed.resource, "a", "1")}).errors.empty());
  CHECK(followed.list({bad(followed.resource, "a", "1")}).errors.empty());
  CHECK(followed.change(bad(followed.resource, "a", "1")).errors.empty());
  CHECK(followed.list({bad(followed.resource, "a", "2")}).errors.size() == 1);
}

TEST_CASE("a NetworkPolicy that was never good has its fallback, which follows its versions") {
  Followed followed(Resource::network_policies);
  followed.list({bad(followed.resource, "a", "1")});
  CHECK(followed.stands() == "a=closed 1");
  CHECK(followed.store.complete());
  followed.change(bad(followed.resource, "a", "2"));
  CHECK(followed.stands() == "a=closed 2");
  followed.change(followed.item("a", "3"));
  followed.change(bad(followed.resource, "a", "4"));
  CHECK(followed.stands() == "a=3");
}

TEST_CASE("a Namespace or Pod that was never good is missing, and makes the store incomplete") {
  const auto resource = GENERATE(Resource::namespaces, Resource::pods);
  Followed followed(resource);
  CHECK(followed.list({bad(resource, "a", "1"), bad(resource, "b", "2")}).events.empty());
  CHECK_FALSE(followed.store.complete());
  CHECK(followed.store.size() == 2);
  followed.change(followed.item("a", "3"));
  CHECK_FALSE(followed.store.complete());
  SECTION("good") { followed.change(followed.item("b", "3")); }
  SECTION("deleted: there is nothing to remove") { CHECK(followed.remove("b").events.empty()); }
  SECTION("vanished") { CHECK(followed.list({followed.item("a", "3")}).events.empty()); }
  CHECK(followed.store.complete());
}

TEST_CASE("a list with an item without a readable name deletes nothing") {
  Followed followed(Resource::pods);
  followed.list({followed.item("a", "1"), followed.item("b", "2")});
  const Update update = followed.list({unidentified("5"), followed.item("a", "6"), followed.item("c", "7")});
  CHECK(update.errors.size() == 1);
  CHECK(followed.stands() == "a=6 b=2 c=7");
  CHECK_FALSE(followed.store.complete());
  followed.list({followed.item("a", "6"), followed.item("c", "7")});
  CHECK(followed.stands() == "a=6 c=7");
  CHECK(followed.store.complete());
}

TEST_CASE("an item without a name in an abandoned list is forgotten") {
  Followed followed(Resource::pods);
  followed.list({followed.item("a", "1")});
  followed.store.begin_list();
  followed.add(unidentified("5"));
  CHECK(followed.store.complete());
  followed.list({});
  CHECK(followed.stands().empty());
  CHECK(followed.store.complete());
}

TEST_CASE("objects with one name in several namespaces are different") {
  Followed followed(Resource::pods);
  auto other = followed.item("a", "2");
  std::get<policy::Pod>(*other.object).namespace_name = "dev";
  other.key = policy::key_of(*other.object);
  followed.list({followed.item("a", "1"), other});
  CHECK(followed.store.size() == 2);
  followed.list({other});
  REQUIRE(followed.shelf.objects().size() == 1);
  CHECK(followed.shelf.objects().begin()->first == *other.key);
}

}  // namespace
}  // namespace selvage::k8s_client
