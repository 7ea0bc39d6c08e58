#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "tests/support/scripted_transport.h"

namespace selvage::testing {

/// An API server of Namespaces in memory, as a Transport for tests: lists in pages, streamed lists and watches, with
/// resourceVersions as a real one has them, and faults. Any thread may change it.
class MemoryApiServer {
 public:
  /// Answers one request instead of the server, or lets it through to `serve`, with another wire if it likes.
  using Serve = std::function<void(ScriptedWire&)>;
  using Fault = std::function<void(const k8s_client::Request&, ScriptedWire&, const Serve& serve)>;

  MemoryApiServer() : transport_([this](const auto& request, auto& wire) { answer(request, wire); }) {}

  [[nodiscard]] ScriptedTransport& transport() { return transport_; }

  /// Sets the label "says" of the Namespace. A `label` that is not a JSON string makes it a bad object.
  void put(const std::string& name, const std::string& label);
  void remove(const std::string& name);
  /// Sends a bookmark in running watches.
  void send_bookmark();
  /// Forgets the history: watches from older versions, and pages of older lists, get 410.
  void compact();
  /// Ends running watches in order.
  void end_watches();
  /// The next request gets this fault, after faults that were set earlier.
  void meet(Fault fault);
  void set_streaming(bool streaming);
  /// Called when a watch has sent all there is. May change this server; true: it did.
  void set_on_idle(std::function<bool()> on_idle) { on_idle_ = std::move(on_idle); }

  /// Names and labels; without objects that are bad.
  [[nodiscard]] std::map<std::string, std::string> objects() const;
  /// Targets of all requests so far.
  [[nodiscard]] std::vector<std::string> requests() const;

 private:
  struct Change {
    std::uint64_t version = 0;
    std::string json;  ///< the watch event
  };
  struct Object {
    std::uint64_t version = 0;
    std::string label;
  };
  using Objects = std::map<std::string, Object>;
  struct Snapshot {
    std::uint64_t version = 0;
    Objects objects;
  };

  void answer(const k8s_client::Request& request, ScriptedWire& wire);
  void serve(const std::string& target, ScriptedWire& wire);
  void serve_page(const std::string& target, ScriptedWire& wire);
  void serve_streamed_list(ScriptedWire& wire);
  void serve_watch(std::uint64_t from, ScriptedWire& wire);
  bool send_changes(std::uint64_t& from, ScriptedWire& wire);
  bool wait_for_change(std::uint64_t from, std::uint64_t ends, ScriptedWire& wire);
  void record(const std::string& type, const std::string& name, const std::string& label) REQUIRES(mutex_);
  [[nodiscard]] Snapshot snapshot() const REQUIRES(mutex_);

  ScriptedTransport transport_;
  std::function<bool()> on_idle_;

  mutable Mutex mutex_;
  std::uint64_t version_ GUARDED_BY(mutex_) = 100;
  std::uint64_t compacted_ GUARDED_BY(mutex_) = 0;
  std::uint64_t ends_ GUARDED_BY(mutex_) = 0;  ///< calls of end_watches
  Objects objects_ GUARDED_BY(mutex_);
  std::deque<Change> changes_ GUARDED_BY(mutex_);
  std::map<std::uint64_t, Snapshot> snapshots_ GUARDED_BY(mutex_);  ///< of lists that are being read, by version
  std::deque<Fault> faults_ GUARDED_BY(mutex_);
  std::vector<std::string> requests_ GUARDED_BY(mutex_);
  bool streaming_ GUARDED_BY(mutex_) = true;
};

/// The value of a query's parameter, as it stands there; empty if it is absent.
[[nodiscard]] std::string query_parameter(const std::string& target, const std::string& name);
/// metav1.Status as the body of an error.
[[nodiscard]] std::string status_json(int code, const std::string& reason, const std::string& message);

/// Sends a Status.
[[nodiscard]] MemoryApiServer::Fault refusal(int code, const std::string& reason);
/// No connection, with that errno.
[[nodiscard]] MemoryApiServer::Fault no_connection(int code);
/// Cuts the connection after `bytes` bytes of the body.
[[nodiscard]] MemoryApiServer::Fault cut_after(std::size_t bytes);
/// From there on the body is garbage.
[[nodiscard]] MemoryApiServer::Fault garbage_after(std::size_t bytes);
/// From there on nothing is sent.
[[nodiscard]] MemoryApiServer::Fault silence_after(std::size_t bytes);
/// Sends the body in parts of `bytes` bytes.
[[nodiscard]] MemoryApiServer::Fault in_parts(std::size_t bytes);

}  // namespace selvage::testing
