#include "tests/watch/list_watch_driver.h"

#include <catch2/catch.hpp>
#include <utility>

namespace selvage::k8s_client {
namespace {

/// The value of a query's parameter, as it stands there.
std::string parameter(const std::string& target, const std::string& name) {
  for (const char* before : {"?", "&"}) {
    const auto found = target.find(before + name + "=");
    if (found == std::string::npos) continue;
    const auto start = found + name.size() + 2;
    return target.substr(start, target.find('&', start) - start);
  }
  return {};
}

std::string describe(const std::string& target) {
  if (parameter(target, "sendInitialEvents") == "true") return "streaming list";
  if (parameter(target, "watch") == "true") return "watch " + parameter(target, "resourceVersion");
  const std::string token = parameter(target, "continue");
  const std::string kind = parameter(target, "limit").empty() ? "full list" : "list";
  return token.empty() ? kind : kind + " continue=" + token;
}

}  // namespace

ApiStatus status_of(int code, std::string reason) {
  ApiStatus status;
  status.code = code;
  status.reason = std::move(reason);
  return status;
}

WatchEvent bookmark(std::string version) {
  WatchEvent event;
  event.type = WatchEvent::Type::bookmark;
  event.object.resource_version = std::move(version);
  return event;
}

WatchEvent list_end(std::string version) {
  WatchEvent event = bookmark(std::move(version));
  event.initial_events_end = true;
  return event;
}

WatchEvent nameless(std::string version) {
  WatchEvent event;
  event.type = WatchEvent::Type::modified;
  event.object.resource_version = std::move(version);
  event.object.error = ObjectError{"a Namespace", "metadata.name", "expected a name"};
  return event;
}

WatchEvent event_of(WatchEvent::Type type, std::string version) {
  WatchEvent event;
  event.type = type;
  event.object.key = policy::ObjectKey{policy::Kind::name_space, "", "a"};
  event.object.resource_version = std::move(version);
  return event;
}

WatchEvent error_event(const ApiStatus& status) {
  WatchEvent event;
  event.type = WatchEvent::Type::error;
  event.status = status;
  return event;
}

Driver::Driver(const ListWatchOptions& options, Resource resource)
    : machine_(resource, options, [this] { return chance_; }) {}

std::string Driver::next() {
  const auto step = machine_.next(now_);
  if (const auto* get = std::get_if<ListWatch::Get>(&step)) return describe(get->target);
  now_ = std::get<ListWatch::Wait>(step).until;
  return "wait, " + describe(get().target);
}

ListWatch::Get Driver::get() {
  const auto step = machine_.next(now_);
  REQUIRE(std::holds_alternative<ListWatch::Get>(step));
  return std::get<ListWatch::Get>(step);
}

std::chrono::milliseconds Driver::wait() {
  const auto step = machine_.next(now_);
  REQUIRE(std::holds_alternative<ListWatch::Wait>(step));
  const Moment until = std::get<ListWatch::Wait>(step).until;
  const auto waited = until - now_;
  now_ = until;
  return std::chrono::duration_cast<std::chrono::milliseconds>(waited);
}

ListWatchOptions paged() {
  ListWatchOptions options;
  options.streaming_lists = false;
  return options;
}

void reach_watch(Driver& driver, const std::string& version) {
  driver.get();
  driver.accept();
  REQUIRE(driver.page(version));
  driver.end();
  REQUIRE(driver.next() == "watch " + version);
  driver.accept();
}

}  // namespace selvage::k8s_client
