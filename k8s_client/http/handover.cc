#include "k8s_client/http/handover.h"

#include <utility>

namespace selvage::k8s_client {
namespace {

/// From here on the library waits, and with it the server.
constexpr std::size_t kMostGathered = std::size_t{256} << 10U;

}  // namespace

/// Under the lock.
void Handover::wake() {
  if (!std::exchange(woken_, true)) event_.set();
}

void Handover::set_head(RawHead head) {
  const std::lock_guard lock(mutex_);
  head_ = std::move(head);
  wake();
}

void Handover::offer(std::string_view piece, Resume resume) {
  bool go_on = false;
  {
    const std::lock_guard lock(mutex_);
    if (!abandoned_) {
      gathered_.append(piece);
      wake();
      go_on = gathered_.size() < kMostGathered;
      if (!go_on) {
        resume_ = std::move(resume);
        return;
      }
    }
  }
  // Not under the lock: the library may offer the next piece from within.
  resume(go_on);
}

void Handover::finish(std::optional<LibraryFailure> failure) {
  const std::lock_guard lock(mutex_);
  finished_ = true;
  failure_ = std::move(failure);
  wake();
}

void Handover::release() {
  const std::lock_guard lock(mutex_);
  released_ = true;
  wake();
}

std::optional<Handover::Step> Handover::take() {
  std::optional<Step> step;
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(woken_, false)) event_.clear();
    step = next_step();
  }
  if (step && step->kind == Step::Kind::piece) resume(true);
  return step;
}

/// Under the lock.
std::optional<Handover::Step> Handover::next_step() {
  Step step;
  // The library tells of the head in one thread and offers the body in another: the head goes first.
  if (head_taken_ && !gathered_.empty()) {
    taken_.clear();
    taken_.swap(gathered_);
    step.kind = Step::Kind::piece;
    step.piece = taken_;
  } else if (head_) {
    head_taken_ = true;
    step.kind = Step::Kind::head;
    step.head = *std::exchange(head_, std::nullopt);
  } else if (finished_ && gathered_.empty()) {
    step.failure = failure_;
  } else {
    return std::nullopt;
  }
  return step;
}

void Handover::abandon() {
  {
    const std::lock_guard lock(mutex_);
    abandoned_ = true;
    gathered_.clear();
  }
  resume(false);
}

bool Handover::released() const {
  const std::lock_guard lock(mutex_);
  return released_;
}

void Handover::resume(bool go_on) {
  Resume resume;
  {
    const std::lock_guard lock(mutex_);
    resume = std::exchange(resume_, nullptr);
  }
  if (resume) resume(go_on);
}

}  // namespace selvage::k8s_client
