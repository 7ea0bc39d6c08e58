#include "controller/refusals/quarantine.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "controller/refusals/describe_part.h"
#include "controller/refusals/root_causes.h"

namespace selvage::controller {
namespace {

using namespace std::chrono_literals;

constexpr auto kFirstTry = 1s;
constexpr auto kMaxTryTime = 5min;
/// Maximum number of parts that the log names.
constexpr std::size_t kMaxNamed = 20;

/// Errors of a race with another program that changes the tables.
bool may_be_stale(int code) { return code == ENOENT || code == EEXIST || code == EBUSY; }

/// Whether the whole refusal is transient, so that no part of the plan caused it.
bool passes(const nft::CommitError& error) {
  const auto passing = [](const nft::RefusedPart& refused) { return is_passing(refused.code); };
  return is_passing(error.code) || error.code == EPERM || std::ranges::any_of(error.parts, passing);
}

std::string reason(int code) { return std::generic_category().message(code); }

}  // namespace

bool is_passing(int code) {
  return code == ENOBUFS || code == EINTR || code == EAGAIN || code == ENOMEM || code == ERESTART;
}

/// Whether the last refusal was the same. Errors that another program can cause count only if it came at an earlier
/// time.
bool Quarantine::suspected(const std::optional<nft::PlanPart>& part, int code, Moment now) const {
  const auto found = suspects_.find({part, code});
  return found != suspects_.end() && (!may_be_stale(code) || found->second < now);
}

Blame Quarantine::blame(const nft::CommitError& error, const nft::Ruleset& want, Moment now) {
  if (passes(error)) return Blame::nobody;
  if (held_.size() >= kMax) return Blame::search;
  Suspects suspects;
  Blame result = Blame::later;
  const auto note = [&](const std::optional<nft::PlanPart>& part, int code) {
    const auto before = suspects_.find({part, code});
    suspects[{part, code}] = before == suspects_.end() ? now : before->second;
    if (!may_be_stale(code)) result = Blame::again;
  };
  bool search = false;
  bool held = false;
  for (const auto& [part, code] : root_causes(error.parts, want)) {
    nft::PlanPart left_out = to_be_left_out(part);
    if (left_out.kind == nft::PlanPart::Kind::rule && held_.contains(left_out)) {
      left_out.kind = nft::PlanPart::Kind::chain;  // not even its denying rule is accepted
    }
    if (!has_fallback(want, left_out)) continue;
    if (suspected(left_out, code, now)) {
      hold(left_out, code, want, now);
      held = true;
    } else {
      note(left_out, code);
    }
  }
  if (!held && suspects.empty()) {
    search = suspected(std::nullopt, error.code, now);
    note(std::nullopt, error.code);
  }
  suspects_ = std::move(suspects);
  if (held) return Blame::again;
  return search ? Blame::search : result;
}

void Quarantine::hold(const nft::PlanPart& part, int code, const nft::Ruleset& want, Moment now) {
  if (held_.contains(part)) return;
  Held held{describe_part(want, part), excerpt(want, part), Backoff(kFirstTry, kMaxTryTime), now};
  held.what.code = code;
  held.what.since = now;
  held.due = now + held.backoff.fail();
  held.named = held_.size() < kMaxNamed;
  if (held.named) {
    const Quarantined& what = held.what;
    spdlog::error("the kernel refuses {}{}: {} (errno {}); the rest is enforced, and {}", what.text,
                  what.object.empty() ? "" : " (" + what.object + ")", reason(code), code, what.instead);
  } else if (held_.size() == kMaxNamed) {
    spdlog::error("the kernel refuses more parts, which are not named here");
  }
  held_.emplace(part, std::move(held));
}

void Quarantine::refresh(const nft::Ruleset& want, const nft::Ruleset& have, Moment now) {
  OmittedParts there;
  for (auto it = held_.begin(); it != held_.end();) {
    auto asked = excerpt(want, it->first);
    if (!has_fallback(want, it->first)) {
      if (it->second.named) spdlog::info("no longer wanted, so not retried: {}", it->second.what.text);
      it = held_.erase(it);
      continue;
    }
    if (asked == excerpt(have, it->first)) there.insert(it->first);
    if (asked != it->second.asked) it->second.due = now;
    it->second.asked = std::move(asked);
    ++it;
  }
  release(there);
}

OmittedParts Quarantine::due_parts(Moment now) const {
  OmittedParts parts;
  for (const auto& [part, held] : held_) {
    if (held.due <= now) parts.insert(part);
  }
  return parts;
}

std::optional<Moment> Quarantine::due() const {
  std::optional<Moment> first;
  for (const auto& [part, held] : held_) first = first ? std::min(*first, held.due) : held.due;
  return first;
}

void Quarantine::put_off(const OmittedParts& parts, Moment now) {
  for (const auto& part : parts) {
    const auto found = held_.find(part);
    if (found == held_.end()) continue;
    ++found->second.what.tries;
    found->second.due = now + found->second.backoff.fail();
  }
}

void Quarantine::release(const OmittedParts& parts) {
  for (const auto& part : parts) {
    const auto found = held_.find(part);
    if (found == held_.end()) continue;
    if (found->second.named) spdlog::info("the kernel accepts it now: {}", found->second.what.text);
    held_.erase(found);
  }
}

OmittedParts Quarantine::parts() const {
  OmittedParts parts;
  for (const auto& [part, held] : held_) parts.insert(part);
  return parts;
}

std::vector<Quarantined> Quarantine::list() const {
  std::vector<Quarantined> all;
  for (const auto& [part, held] : held_) all.push_back(held.what);
  return all;
}

}  // namespace selvage::controller
