#include "tests/support/memory_api_server.h"

#include <algorithm>
#include <utility>

namespace selvage::testing {
namespace {

using k8s_client::Request;

std::string object_json(const std::string& name, std::uint64_t version, const std::string& label) {
  return R"({"metadata":{"name":")" + name + R"(","resourceVersion":")" + std::to_string(version) +
         R"(","managedFields":[{"manager":"test","fieldsV1":{"f:metadata":{}}}],"labels":{"says":)" + label +
         R"(}},"spec":{"finalizers":["kubernetes"]},"status":{"phase":"Active"}})";
}

std::string event_json(const std::string& type, const std::string& object) {
  return R"({"type":")" + type + R"(","object":)" + object + "}\n";
}

std::string bookmark_json(std::uint64_t version, const std::string& more) {
  return event_json("BOOKMARK", R"({"kind":"Namespace","apiVersion":"v1","metadata":{"resourceVersion":")" +
                                    std::to_string(version) + "\"" + more + "}}");
}

bool refuse(ScriptedWire& wire, int code, const std::string& reason, const std::string& message) {
  wire.head({code, std::nullopt});
  wire.write(status_json(code, reason, message));
  wire.end();
  return false;
}

}  // namespace

std::string query_parameter(const std::string& target, const std::string& name) {
  for (const char* before : {"?", "&"}) {
    const auto found = target.find(before + name + "=");
    if (found == std::string::npos) continue;
    const auto start = found + name.size() + 2;
    return target.substr(start, target.find('&', start) - start);
  }
  return {};
}

std::string status_json(int code, const std::string& reason, const std::string& message) {
  return R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":")" + message +
         R"(","reason":")" + reason + R"(","code":)" + std::to_string(code) + "}";
}

void MemoryApiServer::record(const std::string& type, const std::string& name, const std::string& label) {
  ++version_;
  changes_.push_back({version_, event_json(type, object_json(name, version_, label))});
}

void MemoryApiServer::put(const std::string& name, const std::string& label) {
  {
    const MutexLock lock(mutex_);
    record(objects_.contains(name) ? "MODIFIED" : "ADDED", name, label);
    objects_[name] = {version_, label};
  }
  transport_.wake();
}

void MemoryApiServer::remove(const std::string& name) {
  {
    const MutexLock lock(mutex_);
    const auto found = objects_.find(name);
    if (found == objects_.end()) return;
    record("DELETED", name, found->second.label);
    objects_.erase(found);
  }
  transport_.wake();
}

void MemoryApiServer::send_bookmark() {
  {
    const MutexLock lock(mutex_);
    ++version_;
    changes_.push_back({version_, bookmark_json(version_, "")});
  }
  transport_.wake();
}

void MemoryApiServer::compact() {
  const MutexLock lock(mutex_);
  compacted_ = version_;
  changes_.clear();
  snapshots_.clear();
}

void MemoryApiServer::end_watches() {
  {
    const MutexLock lock(mutex_);
    ++ends_;
  }
  transport_.wake();
}

void MemoryApiServer::meet(Fault fault) {
  const MutexLock lock(mutex_);
  faults_.push_back(std::move(fault));
}

void MemoryApiServer::set_streaming(bool streaming) {
  const MutexLock lock(mutex_);
  streaming_ = streaming;
}

std::map<std::string, std::string> MemoryApiServer::objects() const {
  const MutexLock lock(mutex_);
  std::map<std::string, std::string> good;
  for (const auto& [name, object] : objects_) {
    if (object.label.front() == '"') good[name] = object.label.substr(1, object.label.size() - 2);
  }
  return good;
}

std::vector<std::string> MemoryApiServer::requests() const {
  const MutexLock lock(mutex_);
  return requests_;
}

MemoryApiServer::Snapshot MemoryApiServer::snapshot() const { return {version_, objects_}; }

void MemoryApiServer::answer(const Request& request, ScriptedWire& wire) {
  Fault fault;
  {
    const MutexLock lock(mutex_);
    requests_.push_back(request.target);
    if (!faults_.empty()) {
      fault = std::move(faults_.front());
      faults_.pop_front();
    }
  }
  if (!fault) return serve(request.target, wire);
  fault(request, wire, [&](ScriptedWire& other) { serve(request.target, other); });
}

void MemoryApiServer::serve(const std::string& target, ScriptedWire& wire) {
  if (query_parameter(target, "watch") != "true") return serve_page(target, wire);
  if (query_parameter(target, "sendInitialEvents") == "true") return serve_streamed_list(wire);
  serve_watch(std::stoull(query_parameter(target, "resourceVersion")), wire);
}

void MemoryApiServer::serve_page(const std::string& target, ScriptedWire& wire) {
  const std::string token = query_parameter(target, "continue");
  const std::string limit = query_parameter(target, "limit");
  const std::size_t at_most = limit.empty() ? SIZE_MAX : std::stoul(limit);
  Snapshot from;
  {
    const MutexLock lock(mutex_);
    const auto found =
        token.empty() ? snapshots_.insert_or_assign(version_, snapshot()).first : snapshots_.find(std::stoull(token));
    if (found != snapshots_.end()) from = found->second;
  }
  if (from.version == 0) return static_cast<void>(refuse(wire, 410, "Expired", "the continue token is too old"));
  const std::size_t start = token.empty() ? 0 : std::stoul(token.substr(token.find('.') + 1));
  std::string items;
  std::size_t index = 0;
  for (const auto& [name, object] : from.objects) {
    if (index++ < start || index > start + std::min(at_most, from.objects.size())) continue;
    items += (items.empty() ? "" : ",") + object_json(name, object.version, object.label);
  }
  const bool last = from.objects.size() - start <= at_most;
  const std::string next = last ? "" : std::to_string(from.version) + "." + std::to_string(start + at_most);
  wire.head({200, std::nullopt});
  wire.write(R"({"kind":"NamespaceList","apiVersion":"v1","metadata":{"resourceVersion":")" +
             std::to_string(from.version) + R"(","continue":")" + next + R"("},"items":[)" + items + "]}\n");
  wire.end();
}

void MemoryApiServer::serve_streamed_list(ScriptedWire& wire) {
  Snapshot from;
  bool streaming = false;
  {
    const MutexLock lock(mutex_);
    streaming = streaming_;
    from = snapshot();
  }
  if (!streaming) return static_cast<void>(refuse(wire, 422, "Invalid", "sendInitialEvents: Forbidden"));
  wire.head({200, std::nullopt});
  for (const auto& [name, object] : from.objects) {
    if (!wire.write(event_json("ADDED", object_json(name, object.version, object.label)))) return;
  }
  if (!wire.write(bookmark_json(from.version, R"(,"annotations":{"k8s.io/initial-events-end":"true"})"))) return;
  serve_watch(from.version, wire);
}

void MemoryApiServer::serve_watch(std::uint64_t from, ScriptedWire& wire) {
  std::uint64_t ends = 0;
  {
    const MutexLock lock(mutex_);
    ends = ends_;
  }
  wire.head({200, std::nullopt});
  while (send_changes(from, wire)) {
    if (on_idle_ && on_idle_()) continue;
    if (!wait_for_change(from, ends, wire)) return;
  }
}

bool MemoryApiServer::send_changes(std::uint64_t& from, ScriptedWire& wire) {
  std::vector<Change> news;
  bool gone = false;
  {
    const MutexLock lock(mutex_);
    gone = from < compacted_;
    for (const auto& change : changes_) {
      if (change.version > from) news.push_back(change);
    }
  }
  if (gone) {
    wire.write(event_json("ERROR", status_json(410, "Expired", "too old resource version")));
    wire.end();
    return false;
  }
  for (const auto& change : news) {
    if (!wire.write(change.json)) return false;
    from = change.version;
  }
  return true;
}

bool MemoryApiServer::wait_for_change(std::uint64_t from, std::uint64_t ends, ScriptedWire& wire) {
  bool ended = false;
  const bool ready = wire.wait([&] {
    const MutexLock lock(mutex_);
    ended = ends_ != ends;
    return ended || version_ > from;
  });
  if (ready && ended) wire.end();
  return ready && !ended;
}

}  // namespace selvage::testing
