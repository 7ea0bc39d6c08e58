#include "bench/api_latency/bench.h"

#include <cstdio>

#include "bench/api_latency/must.h"
#include "bench/api_latency/objects.h"
#include "bench/durations.h"
#include "bench/world.h"

namespace selvage::bench {
namespace {

using namespace std::chrono_literals;

/// The addresses of its pods, 10.244.254.*, follow those of the generated pods.
constexpr unsigned kNodeNumber = 254;
/// Time for follow-up work after a start or a change (connections are read again).
constexpr auto kRest = 2s;
constexpr std::array kKinds = {ChangeKind::policy, ChangeKind::pod_labels, ChangeKind::namespace_labels};

testing::ApiServerOptions server_options(const lab::Node& node) {
  testing::ApiServerOptions options;
  options.where = &node.space();
  return options;
}

/// Time of a client that reads all pods page by page, as agents do, and ignores them: a lower bound for a start.
Clock::duration time_of_list(testing::ApiClient& api) {
  const Moment begin = Clock::now();
  std::string token;
  do {
    const std::string page = must(api.get("/api/v1/pods?limit=500" + (token.empty() ? "" : "&continue=" + token)));
    // The list's metadata comes first; the token is base64url.
    static const std::string kKey = R"("continue":")";
    const std::size_t at = page.substr(0, 1000).find(kKey);
    token = at == std::string::npos
                ? ""
                : page.substr(at + kKey.size(), page.find('"', at + kKey.size()) - at - kKey.size());
  } while (!token.empty());
  return Clock::now() - begin;
}

double mib(std::size_t bytes) { return static_cast<double>(bytes) / (1U << 20U); }

}  // namespace

Bench::Bench(const BenchOptions& options)
    : options_(options),
      folder_(must(lab::TemporaryFolder::create())),
      log_file_(options.agent_log.empty() ? (folder_.path() / "agent.log").string() : options.agent_log),
      underlay_((lab::sweep_leftovers(), must(lab::Underlay::create()))),
      node_(must(lab::Node::create(underlay_, kNodeNumber))),
      client_(must(node_.add_pod("client"))),
      server_(must(node_.add_pod("server"))),
      api_server_(server_options(node_)),
      api_(api_server_),
      population_(api_server_),
      scenario_(api_, *client_, *server_) {}

std::string Bench::log() const { return lab::read_whole(log_file_).value_or(""); }

void Bench::rest() { std::this_thread::sleep_for(20ms + std::chrono::microseconds(chance_() % 50'000)); }

void Bench::measure(std::size_t pods, std::size_t policies) {
  agent_.reset();
  stream_.reset();
  std::fprintf(stderr, "%zu pods, %zu policies: creating\n", pods, policies);
  const Moment begin = Clock::now();
  population_.become(pods, policies);
  std::fprintf(stderr, "created in %.1f s; a pod is %zu bytes of JSON\n", ms(Clock::now() - begin) / 1000,
               must(api_.get(object_path(policy::key_of(make_pod(0))))).size());
  stream_ = std::make_unique<PacketStream>(*client_, *server_, kFlowPort, options_.interval);
  start_agent(pods, policies);
  std::this_thread::sleep_for(kRest);
  const Memory fresh = agent_->memory();
  if (options_.changes > 0) make_changes(pods, policies);
  const Memory used = agent_->memory();
  std::printf("%zu pods, %zu policies: RSS %.1f MiB after the start, %.1f MiB at last (%.1f anonymous), %.1f at most\n",
              pods, policies, mib(fresh.resident), mib(used.resident), mib(used.resident_anonymous),
              mib(used.max_resident));
  std::fflush(stdout);
}

double Bench::start_once() {
  agent_.reset();
  clean_up(node_);
  stream_->begin();
  stream_->await(true);
  stream_->begin();
  agent_.emplace(node_, kNode, api_server_.kubeconfig(), log_file_);
  return ms(stream_->await(false).at - agent_->started());
}

double Bench::restart_once() {
  agent_.reset();
  scenario_.change(ChangeKind::policy, true);
  stream_->start_new_flow();
  stream_->begin();
  agent_.emplace(node_, kNode, api_server_.kubeconfig(), log_file_);
  const Judged judged = stream_->await(true);
  stream_->begin();
  scenario_.change(ChangeKind::policy, false);
  stream_->await(false);
  return ms(judged.at - agent_->started());
}

void Bench::start_agent(std::size_t pods, std::size_t policies) {
  std::vector<double> starts;
  std::vector<double> restarts;
  std::vector<double> lists;
  for (std::size_t i = 0; i < options_.starts; ++i) {
    starts.push_back(start_once());
    restarts.push_back(restart_once());
    lists.push_back(ms(time_of_list(api_)));
  }
  std::printf(
      "%zu pods, %zu policies: start to enforced %.0f ms (median of %zu, %.0f to %.0f), "
      "restart to what changed meanwhile %.0f ms (%.0f to %.0f), a bare list of all pods %.0f ms (%.0f to %.0f)\n",
      pods, policies, quantile(starts, 0.5), starts.size(), quantile(starts, 0), quantile(starts, 1),
      quantile(restarts, 0.5), quantile(restarts, 0), quantile(restarts, 1), quantile(lists, 0.5), quantile(lists, 0),
      quantile(lists, 1));
  std::fflush(stdout);
}

Sample Bench::change_once(ChangeKind kind, bool allow) {
  WatchClient* watch = watch_clients_[static_cast<std::size_t>(kind)].get();
  if (allow && !options_.standing_flow) stream_->start_new_flow();
  if (watch != nullptr) watch->begin();
  stream_->begin();
  const Moment asked = Clock::now();
  scenario_.change(kind, allow);
  const Moment accepted = Clock::now();
  const Judged judged = stream_->await(allow);
  Sample sample{kind, allow, WallClock::now() - (Clock::now() - accepted), ms(judged.at - accepted)};
  if (watch != nullptr) sample.watched = ms(watch->await().value_or(accepted + 10s) - accepted);
  sample.request = ms(accepted - asked);
  sample.resolution = ms(judged.resolution);
  sample.strays = judged.strays;
  return sample;
}

void Bench::make_changes(std::size_t pods, std::size_t policies) {
  for (const ChangeKind kind : kKinds)
    if (options_.watch_clients)
      watch_clients_[static_cast<std::size_t>(kind)] = std::make_unique<WatchClient>(api_server_, collection_of(kind));
  std::vector<Sample> all;
  const Clock::duration cpu_before = agent_->cpu_time();
  for (std::size_t i = 0; i < options_.changes; ++i) {
    all.push_back(change_once(kKinds[i / 2 % kKinds.size()], i % 2 == 0));
    rest();
  }
  const double cpu = ms(agent_->cpu_time() - cpu_before);
  for (auto& client : watch_clients_) client.reset();
  report(pods, policies, all, cpu);
}

}  // namespace selvage::bench
