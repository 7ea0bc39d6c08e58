#include "controller/sources/folder_source.h"

#include <catch2/catch.hpp>

#include "tests/controller/log_capture.h"
#include "tests/k8s_client/temporary_folder.h"
#include "tests/threads/mail.h"

namespace selvage::testing {
namespace {

using controller::FolderSource;
using controller::Mailbox;
using k8s_client::TemporaryFolder;

std::string namespace_text(const std::string& name, const std::string& team) {
  return "apiVersion: v1\nkind: Namespace\nmetadata: {name: " + name + ", labels: {team: " + team + "}}\n";
}

/// Whether one of the events is this namespace with this team.
auto has_team(const std::string& name, const std::string& team) {
  return [=](const Mailbox::Contents& contents) {
    for (const auto& event : contents.events) {
      if (event.key.name != name || !event.object) continue;
      if (std::get<policy::Namespace>(*event.object).labels.find("team") == team) return true;
    }
    return false;
  };
}

auto is_gone(const std::string& name) {
  return [=](const Mailbox::Contents& contents) {
    for (const auto& event : contents.events) {
      if (event.key.name == name && !event.object) return true;
    }
    return false;
  };
}

struct Followed {
  Followed() {
    auto opened = Mailbox::open();
    REQUIRE(opened);
    mailbox = std::move(*opened);
  }
  void start(const std::string& path) {
    auto started = FolderSource::start(path, *mailbox, metrics);
    REQUIRE(started);
    source = std::move(*started);
  }
  template <class Enough>
  bool brings(const Enough& enough) {
    return enough(take_until(*mailbox, enough));
  }

  LogCapture log;
  TemporaryFolder folder;
  telemetry::Metrics metrics{{}, Clock::now()};
  std::unique_ptr<Mailbox> mailbox;
  std::unique_ptr<FolderSource> source;
};

TEST_CASE("the first full list comes before synced") {
  Followed followed;
  followed.folder.write("a.yaml", namespace_text("a", "blue"));
  followed.folder.write("b.yaml", namespace_text("b", "red"));
  followed.start(followed.folder.path());
  const auto first = take_until(*followed.mailbox, is_synced);
  REQUIRE(first.synced);
  CHECK(has_team("a", "blue")(first));
  CHECK(has_team("b", "red")(first));
}

TEST_CASE("an empty folder is a full list, too") {
  Followed followed;
  followed.start(followed.folder.path());
  const auto first = take_until(*followed.mailbox, is_synced);
  CHECK(first.synced);
  CHECK(first.events.empty());
}

TEST_CASE("added, changed and removed files arrive") {
  Followed followed;
  followed.start(followed.folder.path());
  REQUIRE(followed.brings(is_synced));
  followed.folder.write("a.yaml", namespace_text("a", "blue"));
  CHECK(followed.brings(has_team("a", "blue")));
  followed.folder.write("a.yaml", namespace_text("a", "other"));
  CHECK(followed.brings(has_team("a", "other")));
  followed.folder.write("unread", namespace_text("a", "renamed"));
  followed.folder.rename("unread", "a.yaml");
  CHECK(followed.brings(has_team("a", "renamed")));
  followed.folder.remove("a.yaml");
  CHECK(followed.brings(is_gone("a")));
}

TEST_CASE("a bad document is logged once, and its last good version stays") {
  Followed followed;
  followed.folder.write("a.yaml", namespace_text("a", "blue"));
  followed.start(followed.folder.path());
  REQUIRE(followed.brings(is_synced));
  followed.folder.write("a.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: [wrong]}\n");
  // Each of these makes the folder be read again.
  for (const std::string name : {"b", "c", "d"}) {
    followed.folder.write(name + ".yaml", namespace_text(name, "red"));
    const auto enough = has_team(name, "red");
    const auto mail = take_until(*followed.mailbox, enough);
    CHECK(enough(mail));
    CHECK_FALSE(is_gone("a")(mail));
  }
  followed.source.reset();
  INFO(followed.log.text());
  CHECK(followed.log.count("a.yaml") == 1);
}

TEST_CASE("policies of other APIs in a folder are reported") {
  Followed followed;
  followed.folder.write("a.yaml", "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: a}\n");
  followed.start(followed.folder.path());
  REQUIRE(followed.brings(is_synced));
  followed.source.reset();
  CHECK(followed.log.count("1 CiliumNetworkPolicy object is not enforced: Selvage does not support cilium.io/v2 yet") ==
        1);
  CHECK(followed.metrics.page(Clock::now())
            .find("\nselvage_unsupported_policies{api_group=\"cilium.io\",kind=\"CiliumNetworkPolicy\"} 1\n") !=
        std::string::npos);
}

TEST_CASE("a folder that does not exist yet is waited for") {
  Followed followed;
  followed.start(followed.folder.path("late"));
  followed.folder.make_folder("staged");
  followed.folder.write("staged/a.yaml", namespace_text("a", "blue"));
  followed.folder.rename("staged", "late");
  const auto first = take_until(*followed.mailbox, is_synced);
  CHECK(first.synced);
  CHECK(has_team("a", "blue")(first));
}

TEST_CASE("a folder that is removed keeps its objects, and is watched again") {
  Followed followed;
  followed.folder.make_folder("in");
  followed.folder.write("in/a.yaml", namespace_text("a", "blue"));
  followed.start(followed.folder.path("in"));
  REQUIRE(followed.brings(is_synced));
  followed.folder.rename("in", "out");
  followed.folder.make_folder("staged");
  followed.folder.write("staged/a.yaml", namespace_text("a", "blue"));
  followed.folder.write("staged/b.yaml", namespace_text("b", "red"));
  followed.folder.rename("staged", "in");
  const auto enough = has_team("b", "red");
  const auto mail = take_until(*followed.mailbox, enough);
  CHECK(enough(mail));
  CHECK_FALSE(is_gone("a")(mail));
}

TEST_CASE("a source stops while it waits, at once after its start, and while files change") {
  Followed followed;
  SECTION("while it waits") {
    followed.start(followed.folder.path());
    REQUIRE(followed.brings(is_synced));
  }
  SECTION("at once") { followed.start(followed.folder.path()); }
  SECTION("while files change") {
    followed.start(followed.folder.path());
    for (int i = 0; i < 50; ++i) followed.folder.write("a.yaml", namespace_text("a", std::to_string(i)));
  }
  followed.source.reset();
  while (has_mail(*followed.mailbox, 0)) static_cast<void>(followed.mailbox->take());
  followed.folder.write("later.yaml", namespace_text("later", "blue"));
  CHECK_FALSE(has_mail(*followed.mailbox, 0));
}

}  // namespace
}  // namespace selvage::testing
