#include "stage.h"

#include <iostream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "lab/command.h"
#include "tests/support/random_values.h"

namespace selvage::soak {
namespace {

constexpr std::size_t kRemembered = 25;
/// Enough for a busy machine; benchmarks measure the agent's speed.
constexpr std::chrono::seconds kPatience{60};

}  // namespace

Stage::Stage(const Setting& setting)
    : setting_(setting),
      world_(network_, setting.seed, setting.place / "manifests"),
      timeline_(oracle_of(network_)),
      canary_(network_),
      held_(network_, timeline_, complaints_, setting.seed + 1),
      possible_(begin()),
      knocks_(network_, timeline_, complaints_, setting.seed + 2),
      tries_(network_, timeline_, complaints_, setting.seed + 3) {}

/// Before an agent has started, anything may happen.
States Stage::begin() {
  timeline_.begin(world_.current(), {true, true});
  return world_.current();
}

void Stage::note(const std::string& action) {
  ++actions_;
  noted_.push_back(std::to_string(actions_) + " " + action);
  timeline_.name(noted_.back());
  if (noted_.size() > kRemembered) noted_.pop_front();
  if (setting_.trace) std::cout << setting_.name + " " + noted_.back() + "\n" << std::flush;
}

void Stage::announce(const World::Step& step, Excuse excuse) {
  possible_ = step.states;
  timeline_.begin(possible_, excuse);
}

void Stage::write(const World::Step& step) {
  for (const auto& event : step.events) world_.write(event);
  events_ += step.events.size();
}

void Stage::excuse(Excuse excuse) { timeline_.begin(possible_, excuse); }

/// Twice: a reader may have started before the last file was written, and still have read the first canary's. The
/// second one is written after that reader has finished.
void Stage::converge() {
  for (int i = 0; i < 2; ++i) {
    world_.write(world_.canary(canary_.next_port()));
    if (!canary_.await_next(kPatience)) throw std::runtime_error("the folder's objects are not enforced");
  }
  possible_ = world_.current();
  timeline_.begin(possible_);
  held_.check();
}

bool Stage::nft(const std::string& script) const {
  return lab::run(network_.node(), {"nft", "-f", "-"}, script + "\n").has_value();
}

void Stage::pause(unsigned milliseconds) {
  std::this_thread::sleep_for(std::chrono::milliseconds(testing::below(random(), milliseconds)));
}

std::string Stage::summary() const {
  std::ostringstream text;
  text << setting_.name << ": " << actions_ << " actions, " << events_ << " events; of " << knocks_.sent()
       << " datagrams " << knocks_.arrived() << " arrived, of " << tries_.tried() << " TCP connections "
       << tries_.answered() << " stood; held connections: " << held_.kept() << " times kept, " << held_.cut() << " cut";
  return text.str();
}

void Stage::check_watchers() {
  const auto all_alike = [](std::uint64_t some, std::uint64_t all) { return some < all / 20 || some > all - all / 20; };
  if (all_alike(knocks_.arrived(), knocks_.sent())) complaints_.add("datagrams had all the same result");
  if (all_alike(tries_.answered(), tries_.tried())) complaints_.add("TCP connections had all the same result");
  // With a kernel that mostly refuses, connections seldom live long enough to be cut.
  if (held_.kept() == 0) complaints_.add("no connection was held");
}

std::string Stage::last_words() const {
  std::string text = "last actions:\n";
  for (const std::string& action : noted_) text += "  " + action + "\n";
  return text + "objects:\n" + world_.describe();
}

}  // namespace selvage::soak
