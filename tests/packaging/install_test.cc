#include <catch2/catch.hpp>
#include <csignal>
#include <thread>

#include "lab/command.h"
#include "lab/netns.h"
#include "tests/packaging/package.h"
#include "tests/support/pod_network.h"

/// `cmake --install`, and the installed programs.
namespace selvage::testing {
namespace {

void install(const std::string& arguments, const std::string& destdir = "") {
  must_shell("DESTDIR='" + destdir + "' " SELVAGE_CMAKE " --install " SELVAGE_BUILD_DIR " --strip " + arguments);
}

}  // namespace

TEST_CASE("an installation is below its prefix, and contains no path of the build") {
  const auto folder = TemporaryFolder::create().value();
  const std::string prefix = folder.path() / "selvage";
  install("--prefix '" + prefix + "'");
  for (const std::string file :
       {"sbin/selvage", "sbin/selvage-demo", "share/selvage/examples/default-deny.yaml",
        "share/man/man8/selvage-agent.8", "share/man/man8/selvage-demo.8", "share/bash-completion/completions/selvage",
        "share/bash-completion/completions/selvage-demo", "share/zsh/site-functions/_selvage",
        "share/zsh/site-functions/_selvage-demo", "share/fish/vendor_completions.d/selvage.fish",
        "share/fish/vendor_completions.d/selvage-demo.fish", "lib/systemd/system/selvage.service",
        "etc/selvage/agent.yaml", "share/doc/selvage/LICENSE"}) {
    INFO(file);
    CHECK(std::filesystem::exists(prefix + "/" + file));
  }
  const std::string unit = read_whole(prefix + "/lib/systemd/system/selvage.service").value_or("");
  CHECK(unit.find("ExecStart=" + prefix + "/sbin/selvage agent --config " + prefix + "/etc/selvage/agent.yaml\n") !=
        std::string::npos);
  // grep ends with 1 where it finds nothing.
  CHECK(must_shell("grep -rlFe '" SELVAGE_SOURCE_DIR "/' -e '" SELVAGE_BUILD_DIR "' '" + prefix + "' || [ $? = 1 ]")
            .empty());
  CHECK(must_shell("file=$(readelf --dynamic '" + prefix + "/sbin/selvage'); grep -ci runpath <<<$file || true") ==
        "0\n");
}

TEST_CASE("an installation for packages goes to DESTDIR, with /etc beside /usr") {
  const auto folder = TemporaryFolder::create().value();
  install("--prefix /usr", folder.path());
  CHECK(std::filesystem::exists(folder.path() / "usr/sbin/selvage"));
  CHECK(std::filesystem::exists(folder.path() / "etc/selvage/agent.yaml"));
  const std::string unit = read_whole(folder.path() / "usr/lib/systemd/system/selvage.service").value_or("");
  CHECK(unit.find("ExecStart=/usr/sbin/selvage agent --config /etc/selvage/agent.yaml\n") != std::string::npos);
}

TEST_CASE("installing again keeps the config file") {
  const auto folder = TemporaryFolder::create().value();
  const std::string prefix = "--prefix '" + folder.path().string() + "'";
  install(prefix);
  REQUIRE(write_whole(folder.path() / "etc/selvage/agent.yaml", "node: mine\n"));
  install(prefix);
  CHECK(read_whole(folder.path() / "etc/selvage/agent.yaml") == "node: mine\n");
}

TEST_CASE("the packaged programs print their versions, and the demo finds its examples and the agent") {
  const PackageTree tree;
  CHECK_THAT(must_shell(tree.path("/usr/sbin/selvage").string() + " --version"), Catch::StartsWith("selvage "));
  const std::string program = tree.path("/usr/sbin/selvage-demo");
  CHECK_THAT(must_shell(program + " --version"), Catch::StartsWith("selvage-demo "));
  const auto here = Namespace::create("demo").value();
  Process demo = Process::start(here, {program}, tree.path("/log")).value();
  // The demo has read the examples by then.
  CHECK(eventually([&] {
    return read_whole(tree.path("/log")).value_or("").find("Step 3 of 4") != std::string::npos ||
           demo.wait(milliseconds(20));
  }));
  INFO(read_whole(tree.path("/log")).value_or(""));
  CHECK(demo.stop(SIGINT) == 128 + SIGINT);
}

}  // namespace selvage::testing
