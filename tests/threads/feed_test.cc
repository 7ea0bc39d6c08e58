#include "controller/sources/feed.h"

#include <catch2/catch.hpp>
#include <cerrno>

#include "tests/controller/log_capture.h"
#include "tests/k8s_client/temporary_folder.h"
#include "tests/threads/mail.h"

/// The first full list, as programs wait for it.
namespace selvage::testing {
namespace {

using controller::Feed;
using controller::Mailbox;

struct Fed {
  Fed() { options.manifests = folder.path(); }
  [[nodiscard]] Feed start() {
    auto feed = Feed::start(options, {metrics, health});
    REQUIRE(feed);
    return std::move(*feed);
  }
  Result<void> await(Feed& feed, const Feed::Limits& limits = {}) {
    return feed.await_first_list(
        [this](const Mailbox::Contents& contents) {
          for (const auto& event : contents.events) names.push_back(event.key.name);
        },
        limits);
  }

  LogCapture log;
  k8s_client::TemporaryFolder folder;
  controller::SourceOptions options;
  telemetry::Metrics metrics{{}, Clock::now()};
  telemetry::Health health;
  std::vector<std::string> names;
};

TEST_CASE("a feed brings the first full list, and later changes") {
  Fed fed;
  fed.folder.write("a.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n");
  Feed feed = fed.start();
  REQUIRE(fed.await(feed));
  CHECK(fed.names == std::vector<std::string>{"a"});
  CHECK_FALSE(feed.refused_any());
  fed.folder.write("b.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: b}\n---\nkind: Pod\n");
  pollfd waiting{feed.fd(), POLLIN, 0};
  REQUIRE(poll(&waiting, 1, 30'000) == 1);
  const auto more = feed.take();
  REQUIRE(more.events.size() == 1);
  CHECK(more.events[0].key.name == "b");
  CHECK(feed.refused_any());
}

TEST_CASE("the first full list of a folder that cannot be read is an error") {
  Fed fed;
  fed.options.manifests = fed.folder.path("missing");
  Feed feed = fed.start();
  const auto listed = fed.await(feed);
  REQUIRE_FALSE(listed);
  CHECK(listed.error().code == ENOENT);
  CHECK(listed.error().message.find("missing") != std::string::npos);
}

/// Options of an API server that is not there.
void use_no_server(Fed& fed) {
  fed.folder.write("config",
                   "apiVersion: v1\nkind: Config\ncurrent-context: a\ncontexts: [{name: a, context: {cluster: "
                   "a}}]\nclusters: [{name: a, cluster: {server: 'http://127.0.0.1:1'}}]\n");
  fed.options.manifests.clear();
  fed.options.api.kubeconfig = fed.folder.path("config");
}

TEST_CASE("the wait for a first full list ends at its deadline, and when it is stopped") {
  Fed fed;
  use_no_server(fed);
  Feed feed = fed.start();
  SECTION("deadline") {
    const auto listed = fed.await(feed, {Clock::now()});
    REQUIRE_FALSE(listed);
    CHECK(listed.error().code == ETIMEDOUT);
  }
  SECTION("stopped") {
    const auto other = Mailbox::open();
    REQUIRE(other);
    (*other)->put_synced();
    const auto listed = fed.await(feed, {std::nullopt, (*other)->fd(), [] { return true; }});
    REQUIRE_FALSE(listed);
    CHECK(listed.error().code == ECANCELED);
  }
}

}  // namespace
}  // namespace selvage::testing
