#include "controller/events/event_recorder.h"

#include <catch2/catch.hpp>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/controller/log_capture.h"
#include "tests/support/memory_api_server.h"

/// What the thread that writes Events makes of an API server's answers.
namespace selvage::testing {
namespace {

using Answers = std::vector<std::function<void(ScriptedWire&)>>;

std::function<void(ScriptedWire&)> says(int status, const std::string& body = "{}") {
  return [=](ScriptedWire& wire) {
    wire.head({status, std::nullopt});
    wire.write(body);
    wire.end();
  };
}

std::function<void(ScriptedWire&)> breaks() {
  return [](ScriptedWire& wire) { wire.fail(ECONNRESET); };
}

/// A recorder with its thread, over a transport that answers so, and 201 from then on.
class Writing {
 public:
  explicit Writing(Answers answers) : answers_(std::move(answers)) {}
  ~Writing() {
    recorder_.stop();
    transport_.stop();
    thread_.join();
  }

  controller::EventRecorder& operator*() { return recorder_; }
  controller::EventRecorder* operator->() { return &recorder_; }
  ScriptedTransport& transport() { return transport_; }
  /// The notes of the posted Events, once there are `count` of them.
  std::vector<std::string> notes(std::size_t count) {
    std::unique_lock lock(mutex_);
    CHECK(posted_.wait_for(lock, std::chrono::seconds(60), [&] { return notes_.size() >= count; }));
    return notes_;
  }

 private:
  void answer(const k8s_client::Request& request, ScriptedWire& wire) {
    CHECK(request.target.starts_with("/apis/events.k8s.io/v1/namespaces/"));
    std::size_t number = 0;
    {
      const std::lock_guard lock(mutex_);
      number = notes_.size();
      notes_.push_back(nlohmann::json::parse(wire.posted().value_or("{}")).value("note", "none"));
      posted_.notify_all();
    }
    number < answers_.size() ? answers_[number](wire) : says(201)(wire);
  }

  Answers answers_;
  std::mutex mutex_;
  std::condition_variable posted_;
  std::vector<std::string> notes_;
  ScriptedTransport transport_{[this](const auto& request, auto& wire) { answer(request, wire); }};
  controller::EventRecorder recorder_{"node-1"};
  std::thread thread_{[this] { recorder_.run(transport_); }};
};

using Notes = std::vector<std::string>;

k8s_client::ObjectError bad_policy(const std::string& name) {
  const policy::ObjectKey key{policy::Kind::network_policy, "prod", name};
  return {policy::to_string(key), "spec", "expected sense", k8s_client::ObjectVersion{key, "uid", "1"}};
}

}  // namespace

TEST_CASE("what is there or made by another node is done with") {
  Writing writing({says(201), says(409)});
  for (const char* note : {"one", "two", "three"}) writing->not_enforced(note);
  Notes notes = writing.notes(3);
  std::sort(notes.begin(), notes.end());
  CHECK(notes == Notes{"one", "three", "two"});
}

TEST_CASE("an Event that a failing server does not take is retried") {
  Writing writing({says(503), breaks()});
  writing->not_enforced("one");
  CHECK(writing.notes(3) == Notes{"one", "one", "one"});
}

TEST_CASE("a missing permission is logged once, and again only after it was granted in between") {
  LogCapture log;
  {
    const auto forbidden = says(403, status_json(403, "Forbidden", "events is forbidden"));
    Writing writing({forbidden, forbidden, says(201)});
    for (const char* note : {"one", "two", "three"}) writing->not_enforced(note);
    CHECK(writing.notes(3).size() == 3);
    writing->bad_object(bad_policy("api"));
    CHECK(writing.notes(4).size() == 4);
  }
  CHECK(log.count("events is forbidden") == 1);
}

TEST_CASE("a refused Event is dropped and logged") {
  LogCapture log;
  {
    Writing writing({says(422, status_json(422, "Invalid", "note: too long")), says(404)});
    for (const char* note : {"one", "two", "three"}) writing->not_enforced(note);
    CHECK(writing.notes(3).size() == 3);
  }
  CHECK(log.count("too long") == 1);
}

TEST_CASE("callers do not wait for the API server") {
  bool reported = false;
  std::mutex mutex;
  bool answered = false;
  {
    Writing writing({[&](ScriptedWire& wire) {
      // The server answers only after everything has been reported.
      answered = wire.wait([&] {
        const std::lock_guard lock(mutex);
        return reported;
      });
      says(201)(wire);
    }});
    writing->not_enforced("one");
    CHECK(writing.notes(1) == Notes{"one"});
    for (int i = 0; i < 10'000; ++i) writing->bad_object(bad_policy("p" + std::to_string(i)));
    for (int i = 0; i < 10'000; ++i) writing->not_enforced("again");
    {
      const std::lock_guard lock(mutex);
      reported = true;
    }
    writing.transport().wake();
    CHECK(writing.notes(2).at(1) == "again");
  }
  CHECK(answered);
}

TEST_CASE("stop ends the thread while an answer is outstanding, and while the server is away") {
  for (const auto& answer : {std::function<void(ScriptedWire&)>([](ScriptedWire& wire) { wire.stall(); }), breaks()}) {
    Writing writing({answer, answer, answer});
    writing->not_enforced("one");
    CHECK(writing.notes(1) == Notes{"one"});
  }
}

}  // namespace selvage::testing
