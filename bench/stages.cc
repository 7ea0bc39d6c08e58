// The time of a start by stage, from the API server's bytes to the kernel, at one size. Prints a JSON line for each
// stage. Also useful under a profiler: each round runs all stages. Run as root.
#include <sched.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>

#include "base/clock.h"
#include "bench/durations.h"
#include "bench/figures.h"
#include "bench/need.h"
#include "bench/pod_json.h"
#include "bench/program.h"
#include "bench/world.h"
#include "controller/agent/agent.h"
#include "controller/tables/render.h"
#include "k8s_client/json/json_decoder.h"
#include "k8s_client/json/json_splitter.h"
#include "nft/kernel/netlink_kernel.h"
#include "nft/wire/encode.h"
#include "policy/compile/compiler.h"

namespace selvage::bench {
namespace {

constexpr std::size_t kChunk = 16U << 10U;

/// Milliseconds of each round, by stage.
using Stages = std::map<std::string, std::vector<double>>;

/// Runs `work`, adds its time to `stages` and returns its result.
template <class Work>
auto timed(Stages& stages, const std::string& stage, Work work) {
  const Moment begun = Clock::now();
  auto result = work();
  stages[stage].push_back(ms(Clock::now() - begun));
  return result;
}

/// Splits a list into objects and decodes them, in chunks as from a socket.
std::size_t decode(const std::string& body) {
  k8s_client::JsonSplitter splitter(k8s_client::JsonSplitter::Shape::list);
  k8s_client::JsonDecoder decoder;
  std::size_t pods = 0;
  const auto take = [&](const k8s_client::JsonPart& part) {
    if (part.kind == k8s_client::JsonPart::Kind::value)
      pods += decoder.decode_object(k8s_client::Resource::pods, part.text).object ? 1 : 0;
    return true;
  };
  for (std::size_t at = 0; at < body.size(); at += kChunk)
    static_cast<void>(need(splitter.feed(std::string_view(body).substr(at, kChunk), take)));
  return pods;
}

controller::RenderOptions render_options() {
  controller::RenderOptions options;
  options.bridge_match = controller::BridgeMatch::port_kind;  // every kernel supports it
  options.log_group = controller::kDeniedGroup;
  return options;
}

nft::Plan removal_of_all() {
  nft::Plan plan;
  plan.tables[controller::kInetTable].delete_table = true;
  plan.tables[controller::kBridgeTable].delete_table = true;
  return plan;
}

void round(nft::Kernel& kernel, const std::string& body, const std::vector<policy::Object>& world, Stages& stages) {
  if (timed(stages, "1 decode", [&] { return decode(body); }) == 0) need(Result<void>(fail("nothing was decoded")));
  const auto compiler = timed(stages, "2 compile", [&] { return policy::compile(world, kNode); });
  const auto names = [&](policy::PodId id) { return compiler->pod_name(id); };
  const nft::Ruleset want =
      timed(stages, "3 render", [&] { return controller::render(compiler->result(), names, render_options()); });
  const nft::Plan plan = timed(stages, "4 diff", [&] { return nft::diff({}, want); });
  const auto bytes = timed(stages, "5 encode", [&] {
    const auto steps = nft::operations(plan);
    return need(nft::encode(steps, 1)).bytes.size();
  });
  static_cast<void>(bytes);
  const Result<void> committed = timed(stages, "6 commit", [&] { return Result<void>(kernel.commit(plan)); });
  need(committed);
  need(Result<void>(kernel.commit(removal_of_all())));
}

void measure(std::size_t pods, std::size_t policies, int rounds) {
  if (unshare(CLONE_NEWNET) != 0) need(Result<void>(fail("needs root for a network namespace of its own")));
  const auto kernel = need(nft::NetlinkKernel::open());
  const std::string body = pod_list_json(pods);
  const auto world = make_world(pods, policies);
  Stages stages;
  for (int i = 0; i < rounds; ++i) round(*kernel, body, world, stages);
  // A commit encodes, too.
  for (std::size_t i = 0; i < stages["6 commit"].size(); ++i)
    stages["6 kernel"].push_back(stages["6 commit"][i] - stages["5 encode"][i]);
  stages.erase("6 commit");
  for (const auto& [stage, times] : stages)
    Figure("stage")
        .with("stage", stage.substr(2))
        .with("pods", pods)
        .with("policies", policies)
        .with("ms", spread_of(times))
        .with("rounds", times.size())
        .print();
}

int run(int argc, char** argv) {
  CLI::App app("Where the time of a start goes");
  std::size_t pods = 10'000;
  std::size_t policies = 1000;
  int rounds = 11;
  app.add_option("--pods", pods, "Pods of the cluster")->capture_default_str();
  app.add_option("--policies", policies, "Policies of the cluster")->capture_default_str();
  app.add_option("--rounds", rounds, "How often all of it is done")->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  }
  measure(pods, policies, rounds);
  return 0;
}

}  // namespace
}  // namespace selvage::bench

int main(int argc, char** argv) { return selvage::bench::run_program("bench_stages", selvage::bench::run, argc, argv); }
