#include "k8s_client/manifests/manifest_folder.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "tests/k8s_client/decoding.h"
#include "tests/k8s_client/temporary_folder.h"

namespace selvage::k8s_client {
namespace {

std::string name_space(const std::string& name, const std::string& team = "a") {
  return "apiVersion: v1\nkind: Namespace\nmetadata: {name: " + name + ", labels: {team: " + team + "}}\n";
}

/// Names of the objects that events add or change, "-name" of those that are gone.
std::vector<std::string> summary(const Changes& changes) {
  std::vector<std::string> names;
  for (const auto& event : changes.events) names.push_back((event.object ? "" : "-") + event.key.name);
  return names;
}

Changes rescan(ManifestFolder& folder) {
  auto changes = folder.rescan();
  if (!changes) FAIL(changes.error().message);
  return *changes;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("files that count: *.yaml, *.yml and *.json of the folder itself") {
  const TemporaryFolder temporary;
  temporary.write("a.yaml", name_space("a"));
  temporary.write("b.yml", name_space("b"));
  temporary.write("c.json", R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"c"}})");
  temporary.write("d.txt", name_space("d"));
  temporary.write("e.yaml~", name_space("e"));
  temporary.write(".f.yaml", name_space("f"));
  temporary.make_folder("g.yaml");
  temporary.write("g.yaml/h.yaml", name_space("h"));
  ManifestFolder folder(temporary.path());
  const Changes changes = rescan(folder);
  CHECK(summary(changes) == Names{"a", "b", "c"});
  CHECK(changes.errors.empty());
}

TEST_CASE("an empty folder has no objects") {
  const TemporaryFolder temporary;
  ManifestFolder folder(temporary.path());
  const Changes changes = rescan(folder);
  CHECK(changes.events.empty());
  CHECK(changes.errors.empty());
}

TEST_CASE("files that are added, changed and removed") {
  const TemporaryFolder temporary;
  ManifestFolder folder(temporary.path());
  temporary.write("a.yaml", name_space("a"));
  CHECK(summary(rescan(folder)) == Names{"a"});
  CHECK(rescan(folder).events.empty());
  temporary.write("b.yaml", name_space("b"));
  temporary.write("a.yaml", name_space("a", "b"));
  CHECK(summary(rescan(folder)) == Names{"a", "b"});
  temporary.remove("a.yaml");
  CHECK(summary(rescan(folder)) == Names{"-a"});
}

TEST_CASE("a change that leaves size and time as they were is seen") {
  const TemporaryFolder temporary;
  ManifestFolder folder(temporary.path());
  for (const char* team : {"a", "b", "c", "d", "e", "f", "g", "h"}) {
    temporary.write("a.yaml", name_space("a", team));
    CHECK(summary(rescan(folder)) == Names{"a"});
  }
}

TEST_CASE("errors name the file by its path, and are new once") {
  const TemporaryFolder temporary;
  temporary.write("a.yaml", name_space("a", "5"));
  ManifestFolder folder(temporary.path());
  const Changes first = rescan(folder);
  REQUIRE(first.new_errors.size() == 1);
  CHECK(first.errors[0].file == temporary.path("a.yaml"));
  CHECK(first.errors[0].line == 3);
  const Changes second = rescan(folder);
  CHECK(second.errors == first.errors);
  CHECK(second.new_errors.empty());
}

TEST_CASE("a file that cannot be read for now keeps its objects") {
  const TemporaryFolder temporary;
  temporary.write("a.yaml", name_space("a"));
  ManifestFolder folder(temporary.path());
  (void)rescan(folder);
  SECTION("half-written") { temporary.write("a.yaml", "apiVersion: v1\nkind: ["); }
  SECTION("truncated to nothing") { temporary.write("a.yaml", ""); }
  SECTION("a link to nothing") {
    temporary.remove("a.yaml");
    temporary.link("nowhere.yaml", "a.yaml");
  }
  SECTION("a FIFO") {
    temporary.remove("a.yaml");
    REQUIRE(mkfifo(temporary.path("a.yaml").c_str(), 0600) == 0);
  }
  SECTION("a file that is too large") { std::filesystem::resize_file(temporary.path("a.yaml"), kMaxManifestBytes + 1); }
  for (int i = 0; i < 2; ++i) {
    const Changes changes = rescan(folder);
    CHECK(changes.events.empty());
    CHECK(changes.errors.size() == 1);
    CHECK(changes.new_errors.size() == (i == 0 ? 1 : 0));
  }
  temporary.remove("a.yaml");
  temporary.write("a.yaml", name_space("b"));
  const Changes after = rescan(folder);
  CHECK(summary(after) == Names{"-a", "b"});
  CHECK(after.errors.empty());
}

TEST_CASE("an empty file that never held anything is fine") {
  const TemporaryFolder temporary;
  temporary.write("a.yaml", "");
  ManifestFolder folder(temporary.path());
  CHECK(rescan(folder).errors.empty());
}

TEST_CASE("a manifest that becomes a folder is gone") {
  const TemporaryFolder temporary;
  temporary.write("a.yaml", name_space("a"));
  ManifestFolder folder(temporary.path());
  (void)rescan(folder);
  temporary.remove("a.yaml");
  temporary.make_folder("a.yaml");
  CHECK(summary(rescan(folder)) == Names{"-a"});
}

TEST_CASE("a folder that vanishes is an error, and all stays until it is back") {
  const TemporaryFolder temporary;
  temporary.make_folder("manifests");
  temporary.write("manifests/a.yaml", name_space("a"));
  temporary.write("manifests/b.yaml", name_space("b"));
  ManifestFolder folder(temporary.path("manifests"));
  (void)rescan(folder);
  temporary.rename("manifests", "elsewhere");
  CHECK_FALSE(folder.rescan().has_value());
  temporary.make_folder("manifests");
  temporary.write("manifests/a.yaml", name_space("a"));
  CHECK(summary(rescan(folder)) == Names{"-b"});
}

TEST_CASE("a folder laid out as a ConfigMap volume") {
  const TemporaryFolder temporary;
  temporary.make_folder("..2024_1");
  temporary.write("..2024_1/a.yaml", name_space("a", "one"));
  temporary.link("..2024_1", "..data");
  temporary.link("..data/a.yaml", "a.yaml");
  ManifestFolder folder(temporary.path());
  CHECK(summary(rescan(folder)) == Names{"a"});
  CHECK(folder.links() == Names{temporary.path("a.yaml")});
  temporary.make_folder("..2024_2");
  temporary.write("..2024_2/a.yaml", name_space("a", "two"));
  temporary.link("..2024_2", "..data_tmp");
  temporary.rename("..data_tmp", "..data");
  temporary.remove("..2024_1");
  const Changes changes = rescan(folder);
  CHECK(summary(changes) == Names{"a"});
  CHECK(changes.errors.empty());
}

}  // namespace selvage::k8s_client
