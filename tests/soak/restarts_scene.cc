#include <csignal>

#include "process_scene.h"
#include "tests/support/random_values.h"

namespace selvage::soak {
namespace {

class RestartsScene : public ProcessScene {
 public:
  explicit RestartsScene(const Setting& setting) : ProcessScene(setting, "auto") {}

 protected:
  std::vector<Deed> deeds() override {
    return {{8, [this] { change(); }},         {1, [this] { burst(); }},  {8, [this] { restart(SIGKILL); }},
            {4, [this] { restart(SIGTERM); }}, {4, [this] { meddle(); }}, {1, [this] { spoil(); }},
            {1, [this] { verify(); }}};
  }

 private:
  void restart(int signal);
};

/// The agent ends while objects change; sometimes the ruleset is flushed meanwhile, and sometimes its successor uses
/// another ownership: only the flush may have an effect.
void RestartsScene::restart(int signal) {
  testing::Random& random = stage_.random();
  const World::Step step = stage_.world().change(1 + testing::below(random, 4));
  const bool flushed = testing::chance(random, 15);
  if (testing::chance(random, 25)) table_owner_ = table_owner_ == "off" ? "auto" : "off";
  stage_.note("signal " + std::to_string(signal) + " in " + std::to_string(step.events.size()) +
              " events, then tables " + table_owner_);
  stage_.announce(step);
  stage_.write(step);
  stage_.pause(60);
  agent_.stop(signal);
  owned_ = false;
  if (flushed) flush();
  start();
  stage_.converge();
  owned_ = agent_.owns_tables();
}

}  // namespace

std::unique_ptr<Scene> restarts_scene(const Setting& setting) { return std::make_unique<RestartsScene>(setting); }

}  // namespace selvage::soak
