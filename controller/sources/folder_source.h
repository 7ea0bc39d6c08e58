#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "base/event_fd.h"
#include "base/result.h"
#include "controller/sources/mailbox.h"
#include "controller/sources/unsupported_policies.h"
#include "k8s_client/manifests/folder_watch.h"
#include "k8s_client/manifests/manifest_folder.h"
#include "telemetry/metrics.h"

namespace selvage::controller {

/// Watches a folder of manifests in a thread of its own, and puts changes into a mailbox. Logs each error in a document
/// once; objects that cannot be read stay as they were.
class FolderSource {
 public:
  /// Starts to watch `folder`, which need not exist yet. `mailbox` and `metrics` must outlive this object.
  static Result<std::unique_ptr<FolderSource>> start(const std::string& folder, Mailbox& mailbox,
                                                     telemetry::Metrics& metrics);
  FolderSource(const FolderSource&) = delete;
  FolderSource& operator=(const FolderSource&) = delete;
  /// Stops the thread and waits for it: for milliseconds, unless a rescan is running.
  ~FolderSource();

  /// Whether a document was refused since the start. Thread-safe.
  [[nodiscard]] bool refused_any() const { return refused_any_; }

 private:
  FolderSource(k8s_client::FolderWatch watch, EventFd stop, const std::string& folder, Mailbox& mailbox,
               telemetry::Metrics& metrics);
  void run();
  void rescan();
  /// Waits for a change, and then until the folder is quiet for a moment. False: stop.
  [[nodiscard]] bool wait_for_change();
  enum class Wake { change, quiet, stop };
  [[nodiscard]] Wake wait(int timeout_ms);

  k8s_client::FolderWatch watch_;
  EventFd stop_;
  k8s_client::ManifestFolder folder_;
  Mailbox& mailbox_;
  telemetry::Metrics& metrics_;
  UnsupportedPolicies unsupported_;
  bool synced_ = false;
  std::atomic<bool> refused_any_ = false;
  std::string last_failure_;
  std::thread thread_;
};

}  // namespace selvage::controller
