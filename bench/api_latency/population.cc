#include "bench/api_latency/population.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <functional>
#include <thread>
#include <vector>

#include "bench/api_latency/objects.h"
#include "bench/world.h"
#include "tests/cluster/api_client.h"

namespace selvage::bench {
namespace {

using testing::ApiClient;

/// More clients do not make a server on few cores faster.
constexpr unsigned kClients = 8;

/// Calls `work` with each number from `first` to `last`, on several threads with a client each. Rethrows the first
/// failure.
void for_each_number(const testing::ApiServer& server, std::size_t first, std::size_t last,
                     const std::function<void(ApiClient&, std::size_t)>& work) {
  std::atomic<std::size_t> next{first};
  std::vector<std::exception_ptr> failures(kClients);
  const auto run = [&](std::exception_ptr& failure) {
    try {
      ApiClient client(server);
      for (std::size_t i = next++; i < last; i = next++) work(client, i);
    } catch (...) {
      failure = std::current_exception();
      next = last;
    }
  };
  std::vector<std::thread> threads;
  for (std::exception_ptr& failure : failures) threads.emplace_back([&run, &failure] { run(failure); });
  for (std::thread& thread : threads) thread.join();
  for (const std::exception_ptr& failure : failures)
    if (failure) std::rethrow_exception(failure);
}

void create(ApiClient& client, const policy::Object& object) {
  const policy::ObjectKey key = policy::key_of(object);
  must(client.post(collection_path(key), to_json(object).dump()));
  if (const auto* pod = std::get_if<policy::Pod>(&object))
    must(client.patch(object_path(key) + "/status", running_status(*pod).dump()));
}

}  // namespace

Population::Population(const testing::ApiServer& server) : server_(server) {
  const std::vector<policy::Object> namespaces = make_world(0, 0);
  for_each_number(server_, 0, namespaces.size(),
                  [&](ApiClient& client, std::size_t i) { create(client, namespaces[i]); });
}

void Population::become(std::size_t pods, std::size_t policies) {
  for_each_number(server_, pods_, pods, [](ApiClient& client, std::size_t i) { create(client, make_pod(i)); });
  for_each_number(server_, policies_, policies,
                  [](ApiClient& client, std::size_t i) { create(client, make_policy(i)); });
  for_each_number(server_, policies, policies_, [](ApiClient& client, std::size_t i) {
    must(client.remove(object_path(policy::key_of(make_policy(i)))));
  });
  pods_ = std::max(pods_, pods);
  policies_ = policies;
}

}  // namespace selvage::bench
