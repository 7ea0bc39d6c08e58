#include "process_scene.h"

#include <csignal>
#include <thread>

#include "meddling.h"

namespace selvage::soak {

ProcessScene::ProcessScene(const Setting& setting, std::string table_owner)
    : Scene(setting),
      agent_(stage_.network(), setting.agent, stage_.world().folder(), setting.place),
      table_owner_(std::move(table_owner)) {}

void ProcessScene::begin() {
  stage_.note("start, tables " + table_owner_);
  start();
  stage_.converge();
  owned_ = agent_.owns_tables();
}

void ProcessScene::start() { agent_.start(table_owner_); }

void ProcessScene::look() {
  agent_.check_running();
  agent_.trim_log();
}

void ProcessScene::end() {
  verify();
  self_check();
}

void ProcessScene::meddle() {
  const Meddling& meddling = random_meddling(stage_.random());
  stage_.note(std::string(owned_ ? "owned tables: " : "open tables: ") + meddling.script);
  if (!owned_) stage_.excuse(meddling.excuse);
  const bool done = stage_.nft(meddling.script);
  if (owned_ && done && meddling.script != std::string_view(kFlush))
    stage_.complaints().add(std::string("owned tables were changed: ") + meddling.script);
  stage_.converge();
}

void ProcessScene::flush() {
  stage_.note(owned_ ? "flush of owned tables" : "flush of open tables");
  if (!owned_) stage_.excuse({.opens = true});
  if (!stage_.nft(kFlush)) stage_.complaints().add("nft cannot flush the ruleset");
}

/// An unreadable file changes nothing, and other changes take effect.
void ProcessScene::spoil() {
  stage_.note("a manifest is spoilt");
  stage_.world().spoil();
  stage_.converge();
  stage_.pause(200);
  stage_.world().mend();
  stage_.converge();
}

void ProcessScene::verify() {
  stage_.note("verify");
  if (const auto found = agent_.verify()) stage_.complaints().add("selvage verify: " + *found);
}

void ProcessScene::self_check() {
  stage_.note("self-check");
  const std::string checks = "selvage_self_checks_total";
  const double before = agent_.metric(checks);
  agent_.signal(SIGUSR1);
  const Moment until = Clock::now() + std::chrono::seconds(30);
  while (agent_.metric(checks) <= before && Clock::now() < until)
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  if (agent_.metric(checks) <= before) stage_.complaints().add("SIGUSR1 leads to no self-check");
  if (agent_.metric("selvage_divergent_objects") != 0) stage_.complaints().add("the self-check found divergence");
}

}  // namespace selvage::soak
