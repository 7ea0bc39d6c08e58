#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "k8s_client/manifests/manifest.h"
#include "policy/model/model.h"

namespace selvage::k8s_client {

/// What became different between two moments.
struct Changes {
  std::vector<policy::Event> events;    ///< in key order: namespaces, pods, policies
  std::vector<DecodeError> errors;      ///< all that hold now, sorted by file and line
  std::vector<DecodeError> new_errors;  ///< those of `errors` that did not hold at the last call: to be logged
  UnsupportedCounts unsupported;        ///< policies of other APIs in all files now
  /// Every file could be read, each of its documents identified, and for each object that is
  /// mentioned some version stands: nothing that is missing may still be meant.
  bool complete = true;
};

/// The objects that a set of files defines: file contents in, events out. No I/O. Not thread-safe.
///
/// - An object whose document is bad keeps its last good version; without one, its closed form.
/// - A file with a document that cannot be identified deletes nothing: what it held and does not
///   mention now stays.
/// - An object that is defined twice is an error; the first by file name, then by line, counts.
/// - Namespaces that pods and policies use and no document defines exist as in a real cluster, with
///   the label kubernetes.io/metadata.name alone. While some document cannot be identified none is
///   newly made up: that document may hold its labels, and a negative selector must not match a
///   namespace for want of them.
class ManifestStore {
 public:
  /// `file` now says this.
  void set_file(const std::string& file, Manifests manifests);
  /// `file` could not be read: what it said before stays.
  void set_unreadable(const std::string& file, DecodeError why);
  /// `file` is gone, and with it what it alone defined.
  void remove_file(const std::string& file);
  /// Whether `file` defines any object at the moment.
  [[nodiscard]] bool holds_objects(const std::string& file) const;

  /// The difference to the last call.
  [[nodiscard]] Changes take_changes();

 private:
  /// That a file speaks of an object: with a good version, a closed form, or nothing usable.
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
  /// What Changes::complete says.
  [[nodiscard]] bool is_complete(const Objects& resolved, const Winners& winners) const;
  [[nodiscard]] bool all_identified() const;
  void add_used_namespaces(Objects& objects, const Winners& winners) const;

  std::map<std::string, File> files_;
  Objects last_good_;  ///< of objects that some file still mentions
  Objects delivered_;  ///< what the events so far add up to
  std::set<DecodeError> reported_;
};

}  // namespace selvage::k8s_client
