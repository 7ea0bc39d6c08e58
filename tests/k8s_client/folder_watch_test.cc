#include "k8s_client/manifests/folder_watch.h"

#include <poll.h>

#include <catch2/catch.hpp>
#include <chrono>

#include "tests/k8s_client/temporary_folder.h"

namespace selvage::k8s_client {
namespace {

using Links = std::vector<std::string>;

/// Far more than any event takes: only a failure waits that long.
constexpr std::chrono::seconds kPatience{20};

void drain(FolderWatch& watch, const Links& links = {}) {
  for (;;) {
    const auto again = watch.refresh(links);
    REQUIRE(again.has_value());
    if (!*again) return;
  }
}

FolderWatch watch_of(const std::string& folder, const Links& links = {}) {
  auto opened = FolderWatch::open(folder);
  if (!opened) FAIL(opened.error().message);
  FolderWatch watch = std::move(*opened);
  drain(watch, links);
  return watch;
}

/// Waits until the watch reports a change; false if it never does. Changes beside the temporary folder wake it, too.
bool reports(FolderWatch& watch) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd poll_fd{watch.fd(), POLLIN, 0};
    if (left.count() <= 0 || poll(&poll_fd, 1, static_cast<int>(left.count())) <= 0) return false;
    if (watch.drain()) return true;
  }
}

/// inotify queues an event before the call that causes it returns, so there is nothing to wait for.
bool is_quiet(FolderWatch& watch) { return !watch.drain(); }

}  // namespace

TEST_CASE("changes of files in the folder are reported") {
  const TemporaryFolder temporary;
  temporary.write("old.yaml", "a");
  FolderWatch watch = watch_of(temporary.path());
  CHECK(is_quiet(watch));
  SECTION("a new file") { temporary.write("a.yaml", "a"); }
  SECTION("a file written again") { temporary.write("old.yaml", "b"); }
  SECTION("a file removed") { temporary.remove("old.yaml"); }
  SECTION("a file renamed") { temporary.rename("old.yaml", "new.yaml"); }
  SECTION("a symbolic link") { temporary.link("old.yaml", "link.yaml"); }
  SECTION("a file made readable") {
    std::filesystem::permissions(temporary.path("old.yaml"), std::filesystem::perms::all);
  }
  CHECK(reports(watch));
  CHECK(is_quiet(watch));
}

TEST_CASE("an editor's rename over a file is reported") {
  const TemporaryFolder temporary;
  temporary.make_folder("manifests");
  temporary.write("manifests/a.yaml", "a");
  temporary.write("new", "b");
  FolderWatch watch = watch_of(temporary.path("manifests"));
  temporary.rename("new", "manifests/a.yaml");
  CHECK(reports(watch));
}

TEST_CASE("changes beside the folder are not reported") {
  const TemporaryFolder temporary;
  temporary.make_folder("manifests");
  FolderWatch watch = watch_of(temporary.path("manifests"));
  temporary.write("other.yaml", "a");
  temporary.remove("other.yaml");
  CHECK(is_quiet(watch));
}

TEST_CASE("a folder that is removed and comes back") {
  const TemporaryFolder temporary;
  temporary.make_folder("manifests");
  FolderWatch watch = watch_of(temporary.path("manifests"));
  SECTION("removed") { temporary.remove("manifests"); }
  SECTION("renamed") { temporary.rename("manifests", "elsewhere"); }
  CHECK(reports(watch));
  drain(watch);
  temporary.make_folder("manifests");
  CHECK(reports(watch));
  drain(watch);
  temporary.write("manifests/a.yaml", "a");
  CHECK(reports(watch));
}

TEST_CASE("a folder that does not exist yet, nor its parent") {
  const TemporaryFolder temporary;
  FolderWatch watch = watch_of(temporary.path("deep/manifests"));
  temporary.make_folder("deep");
  CHECK(reports(watch));
  drain(watch);
  temporary.make_folder("deep/manifests");
  CHECK(reports(watch));
}

TEST_CASE("a parent of the folder that is renamed") {
  const TemporaryFolder temporary;
  temporary.make_folder("deep");
  temporary.make_folder("deep/manifests");
  FolderWatch watch = watch_of(temporary.path("deep/manifests"));
  temporary.rename("deep", "elsewhere");
  CHECK(reports(watch));
}

TEST_CASE("a ConfigMap volume that switches to new data") {
  const TemporaryFolder temporary;
  temporary.make_folder("..2024_1");
  temporary.write("..2024_1/a.yaml", "a");
  temporary.link("..2024_1", "..data");
  temporary.link("..data/a.yaml", "a.yaml");
  FolderWatch watch = watch_of(temporary.path(), {temporary.path("a.yaml")});
  temporary.make_folder("..2024_2");
  temporary.write("..2024_2/a.yaml", "b");
  temporary.link("..2024_2", "..data_tmp");
  (void)watch.drain();
  temporary.rename("..data_tmp", "..data");
  CHECK(reports(watch));
  const auto moved = watch.refresh(Links{temporary.path("a.yaml")});
  REQUIRE(moved.has_value());
  CHECK(*moved);
}

TEST_CASE("links to files elsewhere: their folders are watched, each name on the way") {
  const TemporaryFolder temporary;
  temporary.make_folder("manifests");
  temporary.make_folder("elsewhere");
  temporary.write("elsewhere/a.yaml", "a");
  temporary.link("elsewhere", "way");
  temporary.link("../way/a.yaml", "manifests/a.yaml");
  FolderWatch watch = watch_of(temporary.path("manifests"), {temporary.path("manifests/a.yaml")});
  SECTION("the file is written") { temporary.write("elsewhere/a.yaml", "b"); }
  SECTION("the file is removed") { temporary.remove("elsewhere/a.yaml"); }
  SECTION("a link on the way changes") {
    temporary.make_folder("other");
    temporary.link("other", "new");
    temporary.rename("new", "way");
  }
  CHECK(reports(watch));
}

TEST_CASE("a folder behind a link that changes, as with git-sync") {
  const TemporaryFolder temporary;
  temporary.make_folder("rev1");
  temporary.make_folder("rev1/manifests");
  temporary.make_folder("rev2");
  temporary.make_folder("rev2/manifests");
  temporary.link("rev1", "current");
  FolderWatch watch = watch_of(temporary.path("current/manifests"));
  temporary.link("rev2", "next");
  CHECK(is_quiet(watch));
  temporary.rename("next", "current");
  CHECK(reports(watch));
  drain(watch);
  temporary.write("rev1/manifests/a.yaml", "a");
  CHECK(is_quiet(watch));
  temporary.write("rev2/manifests/a.yaml", "a");
  CHECK(reports(watch));
}

TEST_CASE("lost events count as a change") {
  const TemporaryFolder temporary;
  temporary.make_folder("manifests");
  FolderWatch watch = watch_of(temporary.path("manifests"));
  std::ifstream limit_file("/proc/sys/fs/inotify/max_queued_events");
  int limit = 0;
  REQUIRE(limit_file >> limit);
  // Names in turn: equal events in a row are one. None of them concerns the folder.
  temporary.write("x", "");
  temporary.write("y", "");
  for (int i = 0; i <= limit; ++i) {
    std::filesystem::permissions(temporary.path(i % 2 == 0 ? "x" : "y"), std::filesystem::perms::owner_all);
  }
  CHECK(reports(watch));
}

TEST_CASE("circular links are given up") {
  const TemporaryFolder temporary;
  temporary.link("b.yaml", "a.yaml");
  temporary.link("a.yaml", "b.yaml");
  FolderWatch watch = watch_of(temporary.path(), {temporary.path("a.yaml")});
  temporary.remove("a.yaml");
  CHECK(reports(watch));
}

}  // namespace selvage::k8s_client
