#include "tests/packaging/machine.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <thread>

#include "tests/support/must.h"
#include "tests/support/pod_network.h"

namespace selvage::testing {

Machine::Machine(const lab::Namespace& network)
    : network_(network),
      files_(must(lab::TemporaryFolder::create())),
      name_("selvage-test-" + std::to_string(::getpid())),
      process_(must(lab::Process::start(network, {SELVAGE_BOOT, name_}, files_.path() / "log"))) {
  const bool up = eventually([&] {
    std::this_thread::sleep_for(milliseconds(20));
    return find_first_process() && run("systemctl is-active machine.target");
  });
  if (!up) FAIL("systemd does not boot:\n" << lab::read_whole(files_.path() / "log").value_or(""));
}

Machine::~Machine() {
  process_.stop(SIGKILL);
  // A control group can be removed only after its last process has ended.
  const bool swept = eventually([&] {
    std::this_thread::sleep_for(milliseconds(20));
    return lab::run({"unshare", "--mount", SELVAGE_BOOT, "--sweep", name_}).has_value();
  });
  if (!swept) WARN("control groups are left: " << name_);
}

/// Finds the child once it is systemd on its own file system: commands for the machine must not run on this one.
bool Machine::find_first_process() {
  const std::string pid = std::to_string(process_.pid());
  first_ = lab::read_whole("/proc/" + pid + "/task/" + pid + "/children").value_or("");
  first_ = first_.substr(0, first_.find(' '));
  std::error_code error;
  return !first_.empty() && std::filesystem::read_symlink("/proc/" + first_ + "/exe", error).filename() == "systemd" &&
         std::filesystem::exists(path("/etc/systemd/system/machine.target"), error);
}

Result<std::string> Machine::run(const std::string& command) const {
  return lab::run(network_, {"nsenter", "--target", first_, "--all", "--root", "--wd", "env", "-i",
                             "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "sh", "-c", command});
}

std::string Machine::shell(const std::string& command) const { return must(run(command)); }

std::filesystem::path Machine::path(const std::string& there) const { return "/proc/" + first_ + "/root" + there; }

void Machine::write(const std::string& there, const std::string& text) const {
  std::filesystem::create_directories(path(there).parent_path());
  if (const auto written = lab::write_whole(path(there), text); !written) FAIL(written.error().message);
}

std::string Machine::journal(const std::string& unit) const {
  return run("journalctl --sync; journalctl --no-pager --output=cat --unit=" + unit).value_or("");
}

}  // namespace selvage::testing
