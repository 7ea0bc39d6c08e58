#pragma once

#include <string>

#include "lab/command.h"
#include "lab/netns.h"
#include "tests/k8s_client/temporary_folder.h"

/// The program as a user runs it, in a network namespace of the test's own.
namespace selvage::testing {

/// The result of a run.
struct Ended {
  int status = -1;   ///< exit code
  std::string text;  ///< standard output and error

  [[nodiscard]] bool says(const std::string& part) const { return text.find(part) != std::string::npos; }
};

/// A node: a network namespace and a folder of manifests.
class TestNode {
 public:
  TestNode();

  /// Runs `selvage ARGUMENTS` to its end. `wrapper` goes before it: "env", "NAME=value"; "setpriv", ...
  [[nodiscard]] Ended selvage(const lab::Argv& arguments, const lab::Argv& wrapper = {}) const;
  /// The same, with "agent --manifests FOLDER --node n1 --once" before the arguments.
  [[nodiscard]] Ended once(const lab::Argv& arguments = {}, const lab::Argv& wrapper = {}) const;
  /// The output of a shell command in the namespace; fails the test if the command fails.
  std::string shell(const std::string& command) const;
  /// The ruleset as nft lists it.
  [[nodiscard]] std::string tables() const { return shell("nft list ruleset"); }

  [[nodiscard]] const lab::Namespace& space() const { return space_; }
  /// Folder of the manifests, absolute.
  [[nodiscard]] std::string manifests() const { return files.path("manifests"); }
  /// Writes a file into the folder of manifests.
  void write(const std::string& name, const std::string& text) const { files.write("manifests/" + name, text); }
  /// Writes a config file; returns its path.
  [[nodiscard]] std::string config(const std::string& text) const;

  k8s_client::TemporaryFolder files;

 private:
  lab::Namespace space_;
};

/// An agent that follows its folder. The destructor stops it.
class Follower {
 public:
  /// Starts it with "agent --manifests FOLDER --node n1" before the arguments.
  Follower(const TestNode& node, const lab::Argv& arguments = {});

  /// Whether it writes `part` to standard output or error, now or soon.
  [[nodiscard]] bool says(const std::string& part);
  /// Sends the signal and returns the exit code.
  int stop(int signal) { return process_.stop(signal); }
  /// The output that `says` has read.
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  UniqueFd output_;
  std::string text_;
  lab::Process process_;
};

/// A pod of node n1, label app=NAME, namespace prod.
[[nodiscard]] std::string pod_text(const std::string& name, const std::string& address);
/// A policy of namespace prod that denies all ingress to the pods app=NAME.
[[nodiscard]] std::string deny_text(const std::string& name);

}  // namespace selvage::testing
