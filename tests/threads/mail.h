#pragma once

#include <poll.h>

#include <chrono>

#include "controller/sources/mailbox.h"

namespace selvage::testing {

/// Whether something waits in the mailbox; waits for it as long as a slow machine may take.
inline bool has_mail(const controller::Mailbox& mailbox, int timeout_ms = 30'000) {
  pollfd waiting{mailbox.fd(), POLLIN, 0};
  return ::poll(&waiting, 1, timeout_ms) == 1;
}

/// Takes mail until `enough` says so of all that came, or nothing more comes.
template <class Enough>
controller::Mailbox::Contents take_until(controller::Mailbox& mailbox, const Enough& enough) {
  controller::Mailbox::Contents all;
  while (!enough(all) && has_mail(mailbox)) {
    auto more = mailbox.take();
    all.synced = more.synced;
    for (auto& event : more.events) all.events.push_back(std::move(event));
  }
  return all;
}

inline bool is_synced(const controller::Mailbox::Contents& contents) { return contents.synced; }

}  // namespace selvage::testing
