#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "k8s_client/manifests/manifest.h"
#include "policy/model/model.h"

namespace selvage::k8s_client {

/// The changes between two moments.
struct Changes {
  std::vector<policy::Event> events;    ///< in key order: namespaces, pods, policies
  std::vector<DecodeError> errors;      ///< all current ones, sorted by file and line
  std::vector<DecodeError> new_errors;  ///< those of `errors` that are new since the last call, to be logged
  UnsupportedCounts unsupported;        ///< current numbers of policies of other APIs in all files
  /// Every file could be read, each document be identified, and each mentioned object has a version that is used: no
  /// object is missing by mistake.
  bool complete = true;
};

/// The objects in a set of files: takes file contents and returns events. No I/O. Not thread-safe.
///
/// - An object with a bad document keeps its last good version; without one, its fail-closed fallback is used.
/// - A file with a document that cannot be identified deletes nothing: objects that it no longer mentions stay.
/// - An object that is defined twice is an error; the first by file name, then by line, is used.
/// - Namespaces that pods and policies use and no document defines exist as in a real cluster, with only the label
///   kubernetes.io/metadata.name. While some document cannot be identified no namespace is added this way: that
///   document may have its labels, and a negative selector must not match a namespace because they are missing.
class ManifestStore {
 public:
  /// `file` has these contents now.
  void set_file(const std::string& file, Manifests manifests);
  /// `file` could not be read: its previous contents stay.
  void set_unreadable(const std::string& file, DecodeError why);
  /// `file` has been removed, and with it the objects that only it defines.
  void remove_file(const std::string& file);
  /// Whether `file` defines any object.
  [[nodiscard]] bool holds_objects(const std::string& file) const;

  /// The changes since the last call.
  [[nodiscard]] Changes take_changes();

 private:
  /// An object in a file: a good version, a fallback, or nothing usable.
  struct Mention {
    policy::ObjectKey key;
    std::size_t line = 0;
    std::optional<policy::Object> object;
    bool good = false;
  };
  struct File {
    std::vector<Mention> mentions;
    std::vector<DecodeError> errors;
    UnsupportedCounts unsupported;
    bool complete = true;
  };
  using Objects = std::map<policy::ObjectKey, policy::Object>;
  struct Winner {
    const std::string* file;
    const Mention* mention;
  };
  using Winners = std::map<policy::ObjectKey, Winner>;

  static std::vector<Mention> mentions_of(Manifests& manifests);
  [[nodiscard]] Winners pick_winners(std::vector<DecodeError>& errors) const;
  void remember_good(const Winners& winners);
  [[nodiscard]] Objects resolve(const Winners& winners) const;
  /// Changes::complete.
  [[nodiscard]] bool is_complete(const Objects& resolved, const Winners& winners) const;
  [[nodiscard]] bool all_identified() const;
  void add_used_namespaces(Objects& objects, const Winners& winners) const;

  std::map<std::string, File> files_;
  Objects last_good_;  ///< of objects that some file mentions
  Objects delivered_;  ///< the sum of all events so far
  std::set<DecodeError> reported_;
};

}  // namespace selvage::k8s_client
