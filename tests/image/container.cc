#include "tests/image/container.h"

#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/image/image.h"

namespace selvage::testing {
namespace {

using nlohmann::json;

json mount(const std::string& target, const std::string& type, std::vector<std::string> options) {
  return {{"destination", target}, {"type", type}, {"source", type}, {"options", std::move(options)}};
}

json mounts(const ContainerOptions& options) {
  json all = {mount("/proc", "proc", {"nosuid", "noexec", "nodev"}),
              mount("/dev", "tmpfs", {"nosuid", "strictatime", "mode=755", "size=65536k"}),
              mount("/sys", "sysfs", {"nosuid", "noexec", "nodev", "ro"}),
              mount("/run/selvage", "tmpfs", {"nosuid", "nodev", "mode=777", "size=1024k"})};
  if (options.manifests.empty()) return all;
  all.push_back({{"destination", "/manifests"},
                 {"type", "bind"},
                 {"source", options.manifests},
                 {"options", {"rbind", "ro", "nosuid", "nodev"}}});
  return all;
}

/// Whether an entry of a profile applies to a container on this machine with these capabilities.
bool applies(const json& entry, const std::vector<std::string>& capabilities) {
  const auto names_one = [&](const char* when) {
    const json& condition = entry[when];
    if (!condition.is_object() || !condition.contains("caps")) return false;
    return std::any_of(capabilities.begin(), capabilities.end(), [&](const std::string& capability) {
      return std::count(condition["caps"].begin(), condition["caps"].end(), capability) != 0;
    });
  };
  const json includes = entry.value("includes", json::object());
  return !names_one("excludes") && (!includes.contains("caps") || names_one("includes"));
}

/// The profile of Debian's container tools in runc's format. runc ignores system calls of other architectures, which
/// are unknown here.
json seccomp(const std::vector<std::string>& capabilities) {
  const json profile = json::parse(lab::read_whole("/usr/share/containers/seccomp.json").value());
  json calls = json::array();
  for (const json& entry : profile.at("syscalls")) {
    if (!applies(entry, capabilities)) continue;
    json call = {{"names", entry.at("names")}, {"action", entry.at("action")}};
    if (entry.contains("errnoRet")) call["errnoRet"] = entry["errnoRet"];
    if (entry.contains("args") && entry["args"].is_array()) call["args"] = entry["args"];
    calls.push_back(std::move(call));
  }
  return {{"defaultAction", profile.at("defaultAction")},
          {"defaultErrnoRet", profile.at("defaultErrnoRet")},
          {"syscalls", calls}};
}

json process(const ContainerOptions& options) {
  const json image = read_image().config;
  json words = image.at("Entrypoint");
  for (const std::string& word : options.arguments) words.push_back(word);
  const json& capabilities = options.capabilities;
  return {{"user", {{"uid", options.user}, {"gid", options.user}}},
          {"args", words},
          {"env", image.at("Env")},
          {"cwd", "/"},
          {"noNewPrivileges", true},
          {"capabilities", {{"bounding", capabilities}, {"effective", capabilities}, {"permitted", capabilities}}}};
}

/// The OCI runtime specification's config.json. Without a network namespace, which is hostNetwork.
json bundle(const ContainerOptions& options, const std::string& name) {
  const json linux_part = {
      {"namespaces", {{{"type", "pid"}}, {{"type", "ipc"}}, {{"type", "uts"}}, {{"type", "mount"}}}},
      {"cgroupsPath", "/" + name},
      {"maskedPaths", {"/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/sched_debug", "/sys/firmware"}},
      {"readonlyPaths", {"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"}},
      {"seccomp", seccomp(options.capabilities)}};
  return {{"ociVersion", "1.0.2"},
          {"process", process(options)},
          {"root", {{"path", image_root()}, {"readonly", true}}},
          {"mounts", mounts(options)},
          {"linux", linux_part}};
}

std::string next_name() {
  static int number = 0;
  return "selvage-test-" + std::to_string(::getpid()) + "-" + std::to_string(++number);
}

}  // namespace

Container::Container(const lab::Namespace& node, const ContainerOptions& options)
    : node_(node), files_(lab::TemporaryFolder::create().value()), name_(next_name()) {
  const auto written = lab::write_whole(files_.path() / "config.json", bundle(options, name_).dump());
  if (!written) throw std::runtime_error(written.error().message);
  auto started = lab::Process::start(node_, runc({"run", "--bundle", files_.path(), name_}), files_.path() / "log");
  if (!started) throw std::runtime_error(started.error().message);
  process_.emplace(std::move(*started));
}

Container::~Container() {
  process_.reset();
  (void)lab::run(node_, runc({"delete", "--force", name_}));
}

int Container::wait() {
  const auto status = process_->wait(std::chrono::minutes(1));
  if (!status) FAIL("still running: " << log());
  return *status;
}

Result<std::string> Container::exec(const lab::Argv& command) const {
  lab::Argv words{"exec", name_};
  words.insert(words.end(), command.begin(), command.end());
  return lab::run(node_, runc(words));
}

std::string Container::log() const { return lab::read_whole(files_.path() / "log").value_or(""); }

lab::Argv Container::runc(const lab::Argv& command) const {
  lab::Argv words{"runc", "--root", files_.path() / "runc"};
  words.insert(words.end(), command.begin(), command.end());
  return words;
}

}  // namespace selvage::testing
