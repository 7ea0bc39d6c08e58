#include "controller/sources/folder_source.h"

#include <poll.h>
#include <spdlog/spdlog.h>

#include <array>
#include <cerrno>

namespace selvage::controller {
namespace {

/// The folder is read when nothing changed for this long: programs save several files, or one in several steps.
constexpr int kQuietMs = 5;
/// After this many changes a folder is read even if it keeps changing.
constexpr int kMaxSteps = 20;

}  // namespace

Result<std::unique_ptr<FolderSource>> FolderSource::start(const std::string& folder, Mailbox& mailbox,
                                                          telemetry::Metrics& metrics) {
  auto watch = k8s_client::FolderWatch::open(folder);
  if (!watch) return tl::unexpected(watch.error());
  auto stop = EventFd::open();
  if (!stop) return tl::unexpected(stop.error());
  return std::unique_ptr<FolderSource>(new FolderSource(std::move(*watch), std::move(*stop), folder, mailbox, metrics));
}

FolderSource::FolderSource(k8s_client::FolderWatch watch, EventFd stop, const std::string& folder, Mailbox& mailbox,
                           telemetry::Metrics& metrics)
    : watch_(std::move(watch)),
      stop_(std::move(stop)),
      folder_(folder),
      mailbox_(mailbox),
      metrics_(metrics),
      unsupported_(metrics) {
  thread_ = std::thread([this] { run(); });
}

FolderSource::~FolderSource() {
  stop_.set();
  thread_.join();
}

void FolderSource::run() {
  do {
    rescan();
    for (auto again = watch_.refresh(folder_.links()); !again || *again; again = watch_.refresh(folder_.links())) {
      if (!again) {
        spdlog::error("{}: cannot be watched: {}", folder_.folder(), again.error().message);
        break;
      }
      rescan();
    }
  } while (wait_for_change());
}

void FolderSource::rescan() {
  auto changes = folder_.rescan();
  if (!changes) {
    if (std::exchange(last_failure_, changes.error().message) != changes.error().message) {
      spdlog::error("{}; the enforced policy stays as it is", changes.error().message);
    }
    mailbox_.put_error(changes.error());
    return;
  }
  last_failure_.clear();
  for (const auto& error : changes->new_errors) {
    refused_any_ = true;
    spdlog::error("{}", k8s_client::to_string(error));
    metrics_.count_bad_object(error.object ? policy::to_string(error.object->kind) : "");
  }
  unsupported_.set(changes->unsupported);
  // Later the folder keeps the last contents of a file that cannot be read.
  const bool says_all = !synced_ || changes->complete;
  mailbox_.put(std::move(changes->events), says_all ? std::optional(changes->complete) : std::nullopt);
  if (!std::exchange(synced_, true)) mailbox_.put_synced();
}

bool FolderSource::wait_for_change() {
  Wake wake = wait(-1);
  for (int steps = 0; wake == Wake::change && steps < kMaxSteps; ++steps) wake = wait(kQuietMs);
  return wake != Wake::stop;
}

FolderSource::Wake FolderSource::wait(int timeout_ms) {
  for (;;) {
    std::array<pollfd, 2> fds = {pollfd{watch_.fd(), POLLIN, 0}, pollfd{stop_.get(), POLLIN, 0}};
    const int ready = poll(fds.data(), fds.size(), timeout_ms);
    if (ready < 0 && errno == EINTR) continue;
    if (fds[1].revents != 0 || ready < 0) return Wake::stop;
    if (ready == 0) return Wake::quiet;
    if (watch_.drain()) return Wake::change;
  }
}

}  // namespace selvage::controller
