#include <catch2/catch.hpp>
#include <optional>

#include "tests/support/property.h"
#include "tests/support/random_values.h"
#include "tests/watch/stored_objects.h"

/// A store beside a model that keeps everything and takes no short cut.
namespace selvage::k8s_client {
namespace {

using testing::below;
using testing::chance;
using testing::pick;
using testing::Random;

using Objects = std::map<policy::ObjectKey, policy::Object>;

/// What should stand, after each object that was seen, and each list.
class Model {
 public:
  void see(const ApiObject& object) {
    exists_.insert_or_assign(*object.key, true);
    const bool was_good = good_[*object.key];
    if (object.object && !(object.error && was_good)) stands_.insert_or_assign(*object.key, *object.object);
    if (!object.error) good_[*object.key] = true;
  }
  void forget(const policy::ObjectKey& key) {
    exists_.erase(key);
    good_.erase(key);
    stands_.erase(key);
  }
  void list(const std::vector<ApiObject>& items) {
    unidentified_ = false;
    std::map<policy::ObjectKey, bool> listed;
    for (const auto& item : items) {
      if (item.key) {
        see(item);
        listed[*item.key] = true;
      } else {
        unidentified_ = true;
      }
    }
    if (unidentified_) return;
    for (const auto& [key, here] : std::exchange(exists_, {})) {
      exists_[key] = here;
      if (!listed.contains(key)) forget(key);
    }
  }
  [[nodiscard]] bool complete() const { return !unidentified_ && stands_.size() == exists_.size(); }
  [[nodiscard]] const Objects& stands() const { return stands_; }
  [[nodiscard]] std::size_t size() const { return exists_.size(); }

 private:
  std::map<policy::ObjectKey, bool> exists_;
  std::map<policy::ObjectKey, bool> good_;
  Objects stands_;
  bool unidentified_ = false;
};

/// An API server whose objects change at random, with a store and a model that follow it.
class History {
 public:
  History(Random& random, Resource resource) : random_(random), resource_(resource), store_(resource) {
    abandon_lists();
    list();
  }

  void step() {
    if (chance(random_, 10)) return miss_changes_and_list();
    change([this](const ApiObject& object, bool deleted) { watch(object, deleted); });
  }

  void check() {
    CHECK(shelf_.objects() == model_.stands());
    CHECK(store_.complete() == model_.complete());
    CHECK(store_.size() == model_.size());
  }

  /// One more list of the same objects is no news.
  void check_idempotent() {
    list();
    const Update update = feed(items());
    CHECK(update.events.empty());
    CHECK(update.errors.empty());
  }

 private:
  std::string next_version() { return std::to_string(++version_); }

  template <class Seen>
  void change(const Seen& seen) {
    const std::string name = "o" + std::to_string(below(random_, 6));
    const auto version = next_version();
    if (server_.contains(name) && chance(random_, 30)) {
      const ApiObject last = server_.at(name);
      server_.erase(name);
      return seen(last, true);
    }
    const bool spoilt = chance(random_, 25);
    const auto object = spoilt ? bad(resource_, name, version) : good(resource_, name, version, "v" + version);
    server_.insert_or_assign(name, object);
    seen(object, false);
  }

  void watch(const ApiObject& object, bool deleted) {
    Update update;
    if (deleted) {
      store_.remove(*object.key, update);
      model_.forget(*object.key);
    } else {
      store_.upsert(object, update);
      model_.see(object);
    }
    shelf_.apply(update);
  }

  [[nodiscard]] std::vector<ApiObject> items() const {
    std::vector<ApiObject> items;
    for (const auto& [name, object] : server_) items.push_back(object);
    return items;
  }

  /// The watch is lost, the cluster goes on, lists are begun in vain, and one is read.
  void miss_changes_and_list() {
    for (auto missed = below(random_, 5); missed > 0; --missed) change([](const ApiObject&, bool) {});
    abandon_lists();
    list();
  }

  /// Parts of lists, with changes between them. Before the first whole list what they hold stands at once.
  void abandon_lists() {
    while (chance(random_, 40)) {
      store_.begin_list();
      Update update;
      for (const auto& item : items()) {
        if (chance(random_, 30)) break;
        store_.add_item(item, update);
        if (!listed_) model_.see(item);
      }
      shelf_.apply(update);
      check();
      change([](const ApiObject&, bool) {});
    }
  }

  Update feed(const std::vector<ApiObject>& items) {
    Update update;
    store_.begin_list();
    for (const auto& item : items) store_.add_item(item, update);
    if (listed_) CHECK(update.events.empty());
    store_.finish_list(update);
    shelf_.apply(update);
    listed_ = true;
    return update;
  }

  void list() {
    auto listed = items();
    const bool unreadable = !listed.empty() && chance(random_, 20);
    if (unreadable) listed[below(random_, listed.size())] = unidentified(next_version());
    feed(listed);
    model_.list(listed);
    check();
    if (unreadable) return list();
  }

  Random& random_;
  Resource resource_;
  ObjectStore store_;
  Shelf shelf_;
  Model model_;
  std::map<std::string, ApiObject> server_;
  std::uint64_t version_ = 0;
  bool listed_ = false;
};

TEST_CASE("random lists and watches: the events add up to the expected objects, bad ones included") {
  testing::for_each_seed(200, [](Random& random) {
    History history(random, pick(random, resource_rows()).resource);
    for (int i = 0; i < 60; ++i) {
      history.step();
      history.check();
    }
    history.check_idempotent();
  });
}

}  // namespace
}  // namespace selvage::k8s_client
