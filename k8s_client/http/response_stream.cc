#include "k8s_client/http/response_stream.h"

#include <utility>

namespace selvage::k8s_client {
namespace {

/// At this size the library waits, and with it the server.
constexpr std::size_t kMaxGathered = std::size_t{256} << 10U;

}  // namespace

void ResponseStream::wake() {
  if (!std::exchange(woken_, true)) event_.set();
}

void ResponseStream::set_head(RawHead head) {
  const MutexLock lock(mutex_);
  head_ = std::move(head);
  wake();
}

void ResponseStream::offer(std::string_view piece, Resume resume) {
  bool go_on = false;
  {
    const MutexLock lock(mutex_);
    if (!abandoned_) {
      gathered_.append(piece);
      wake();
      go_on = gathered_.size() < kMaxGathered;
      if (!go_on) {
        resume_ = std::move(resume);
        return;
      }
    }
  }
  // Not under the lock: the library may offer the next piece from within.
  resume(go_on);
}

void ResponseStream::finish(std::optional<LibraryFailure> failure) {
  const MutexLock lock(mutex_);
  finished_ = true;
  failure_ = std::move(failure);
  wake();
}

void ResponseStream::release() {
  const MutexLock lock(mutex_);
  released_ = true;
  wake();
}

std::optional<ResponseStream::Step> ResponseStream::take() {
  std::optional<Step> step;
  {
    const MutexLock lock(mutex_);
    if (std::exchange(woken_, false)) event_.clear();
    step = next_step();
  }
  if (step && step->kind == Step::Kind::piece) resume(true);
  return step;
}

std::optional<ResponseStream::Step> ResponseStream::next_step() {
  Step step;
  // The library reports head and body in different threads: the head goes first.
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

void ResponseStream::abandon() {
  {
    const MutexLock lock(mutex_);
    abandoned_ = true;
    gathered_.clear();
  }
  resume(false);
}

bool ResponseStream::released() const {
  const MutexLock lock(mutex_);
  return released_;
}

void ResponseStream::resume(bool go_on) {
  Resume resume;
  {
    const MutexLock lock(mutex_);
    resume = std::exchange(resume_, nullptr);
  }
  if (resume) resume(go_on);
}

}  // namespace selvage::k8s_client
