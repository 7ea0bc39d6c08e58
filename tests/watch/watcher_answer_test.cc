#include <catch2/catch.hpp>
#include <cerrno>
#include <thread>

#include "k8s_client/watch/watcher.h"
#include "tests/support/memory_api_server.h"
#include "tests/watch/watched_server.h"

/// A Watcher and single answers, byte by byte.
namespace selvage::k8s_client {
namespace {

using testing::ScriptedTransport;
using testing::ScriptedWire;
using testing::status_json;

/// A Watcher of a server that answers by scripts, one for each request. After the last one the watcher is stopped.
class Scripted {
 public:
  using Script = std::function<void(ScriptedWire&)>;

  explicit Scripted(std::vector<Script> scripts, ListWatchOptions options = impatient(false))
      : scripts_(std::move(scripts)),
        transport_([this](const Request& request, ScriptedWire& wire) { answer(request, wire); }),
        watcher_(Resource::namespaces, options, transport_, observer_) {}

  Reported run() {
    watcher_.run();
    return observer_.reported();
  }
  [[nodiscard]] Reported reported() const { return observer_.reported(); }

  std::vector<Request> requests;
  std::vector<Moment> moments;  ///< of the requests

 private:
  void answer(const Request& request, ScriptedWire& wire) {
    requests.push_back(request);
    moments.push_back(Clock::now());
    if (requests.size() <= scripts_.size()) return scripts_[requests.size() - 1](wire);
    watcher_.stop();
    transport_.stop();
  }

  std::vector<Script> scripts_;
  KeepingObserver observer_;
  ScriptedTransport transport_;
  Watcher watcher_;
};

std::string object(const std::string& name, const std::string& label, const std::string& version = "3") {
  return R"({"metadata":{"name":")" + name + R"(","resourceVersion":")" + version + R"(","labels":{"says":)" + label +
         "}}}";
}
std::string event(const std::string& type, const std::string& object) {
  return R"({"type":")" + type + R"(","object":)" + object + "}\n";
}
std::string list_of(const std::string& items, const std::string& version = "5") {
  return R"({"kind":"NamespaceList","apiVersion":"v1","metadata":{"resourceVersion":")" + version + R"("},"items":[)" +
         items + "]}";
}

/// A response with status code 200 that comes in these chunks.
Scripted::Script chunks(std::vector<std::string> chunks) {
  return [chunks = std::move(chunks)](ScriptedWire& wire) {
    wire.head({200, std::nullopt});
    for (const auto& text : chunks) wire.write(text);
    wire.end();
  };
}
Scripted::Script refused(int status, const std::string& body, std::optional<std::chrono::seconds> retry = {}) {
  return [=](ScriptedWire& wire) {
    wire.head({status, retry});
    wire.write(body);
    wire.end();
  };
}

TEST_CASE("the events in a chunk are one delivery") {
  const auto added = [](const char* name) { return event("ADDED", object(name, R"("x")", "6")); };
  Scripted scripted({chunks({list_of(object("a", R"("x")") + "," + object("b", R"("x")"))}),
                     chunks({added("c") + added("d") + added("e"), added("f"), added("g").substr(0, 20),
                             added("g").substr(20) + added("h")})});
  const Reported reported = scripted.run();
  CHECK(reported.deliveries == std::vector<std::size_t>{2, 3, 1, 2});
  CHECK(reported.objects.size() == 8);
}

TEST_CASE("lists may be compressed, watches are not") {
  Scripted scripted({chunks({list_of("")}), chunks({})});
  scripted.run();
  REQUIRE(scripted.requests.size() == 3);
  CHECK(scripted.requests[0].compressed);
  CHECK_FALSE(scripted.requests[1].compressed);
}

TEST_CASE("the reason of a refusal is reported, whatever its body") {
  struct Case {
    int status;
    std::string body;
    std::string message;
  };
  const auto refusal = GENERATE(Case{403, status_json(403, "Forbidden", "namespaces is forbidden"), "is forbidden"},
                                Case{500, "", "500"}, Case{502, "<html>Bad Gateway</html>", "502"},
                                Case{503, std::string(1'000'000, '{'), "503"}, Case{500, "{\"message\":\"half", "500"},
                                Case{404, std::string("\xff\0\xfe", 3), "404"});
  Scripted scripted({refused(refusal.status, refusal.body)});
  const Reported reported = scripted.run();
  REQUIRE(reported.last_errors.size() == 1);
  CHECK(reported.last_errors[0].find(refusal.message) != std::string::npos);
  CHECK(reported.last_errors[0].size() < 2'000);
}

TEST_CASE("a refusal whose body is cut, or never ends, counts") {
  ListWatchOptions options = impatient(false);
  options.list_idle_limit = std::chrono::milliseconds(20);
  const bool silent = GENERATE(true, false);
  Scripted scripted({[=](ScriptedWire& wire) {
                      wire.head({403, std::nullopt});
                      wire.write(R"({"kind":"Status","message":"namespa)");
                      if (silent) wire.stall();
                    }},
                    options);
  const Reported reported = scripted.run();
  REQUIRE(reported.last_errors.size() == 1);
  CHECK(reported.last_errors[0].find("403") != std::string::npos);
}

TEST_CASE("Retry-After is honoured, from the header and from the body") {
  ListWatchOptions options = impatient(false);
  options.max_retry_after = std::chrono::milliseconds(100);
  const auto body = std::string(R"({"kind":"Status","code":429,"details":{"retryAfterSeconds":3}})");
  const auto refusal = GENERATE_COPY(refused(429, "", std::chrono::seconds(3)), refused(429, body));
  Scripted scripted({refusal}, options);
  scripted.run();
  REQUIRE(scripted.moments.size() == 2);
  CHECK(scripted.moments[1] - scripted.moments[0] >= std::chrono::milliseconds(100));
}

TEST_CASE("a bad object keeps its last good version, is reported once, and does not stop the watch") {
  Scripted scripted({chunks({list_of(object("a", R"("good")"))}),
                     chunks({event("MODIFIED", object("a", "5", "6")), event("ADDED", object("b", R"("x")", "7"))}),
                     [](ScriptedWire& wire) { wire.fail(0); }});
  const Reported reported = scripted.run();
  CHECK(reported.objects == std::map<std::string, std::string>{{"a", "good"}, {"b", "x"}});
  CHECK(reported.errors.size() == 1);
  CHECK(scripted.requests.back().target.find("resourceVersion=7") != std::string::npos);
}

TEST_CASE("completeness is reported even without an event") {
  Scripted scripted({chunks({list_of(object("a", "5"))}), [&](ScriptedWire& wire) {
                       wire.head({200, std::nullopt});
                       CHECK_FALSE(scripted.reported().complete);
                       wire.write(event("DELETED", object("a", "5", "6")));
                       CHECK(scripted.reported().complete);
                     }});
  const Reported reported = scripted.run();
  CHECK(reported.objects.empty());
  CHECK(reported.removals == 0);
}

TEST_CASE("an object without a name in a watch leads to a list") {
  const auto nameless = event("MODIFIED", R"({"metadata":{"resourceVersion":"6"}})");
  Scripted scripted({chunks({list_of(object("a", R"("x")") + "," + object("b", R"("x")"))}), chunks({nameless}),
                     chunks({nameless}), chunks({nameless}), chunks({list_of(object("a", R"("y")", "6"), "7")})});
  const Reported reported = scripted.run();
  CHECK(reported.objects == std::map<std::string, std::string>{{"a", "y"}});
  CHECK(reported.lists == 2);
  CHECK_FALSE(reported.errors.empty());
}

TEST_CASE("a body that is not a list is never reported as a list") {
  const auto body =
      GENERATE(as<std::string>(), "", "{}", "[]", "null", R"({"kind":"Status","status":"Failure"})", R"({"items":[]})",
               R"({"metadata":{"resourceVersion":""},"items":[]})", R"({"metadata":{"resourceVersion":"5"}})");
  Scripted scripted({chunks({body}), chunks({body})});
  const Reported reported = scripted.run();
  CHECK(reported.lists == 0);
  CHECK_FALSE(reported.health.synced);
  CHECK_FALSE(reported.last_errors.empty());
}

/// Bytes that keep coming and come to nothing.
void drip(ScriptedWire& wire, const std::string& start) {
  const Moment limit = Clock::now() + kPatience;
  wire.head({200, std::nullopt});
  bool here = wire.write(start);
  while (here && Clock::now() < limit) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    here = wire.write(" ");
  }
  CHECK_FALSE(here);
}

TEST_CASE("a response that drips without a complete object is given up after the idle limit") {
  ListWatchOptions options = impatient(false);
  options.list_idle_limit = options.watch_idle_limit = std::chrono::milliseconds(30);
  Scripted scripted({[](ScriptedWire& wire) { drip(wire, R"({"metadata":{"resourceVersion":"5"},"items":[)"); },
                     chunks({list_of("")}), [](ScriptedWire& wire) { drip(wire, R"({"type":"ADDED","object":)"); }},
                    options);
  const Reported reported = scripted.run();
  CHECK(reported.last_errors.size() == 2);
  CHECK(scripted.requests.size() == 4);
}

}  // namespace
}  // namespace selvage::k8s_client
