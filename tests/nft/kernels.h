#pragma once

#include <array>
#include <catch2/catch.hpp>
#include <memory>
#include <optional>
#include <string>

#include "base/ip_address.h"
#include "nft/kernel/netlink_kernel.h"
#include "nft/model/statements.h"
#include "nft/plan/kernel.h"
#include "tests/support/fake_kernel.h"
#include "tests/support/netns.h"

/// The two kernels of the contract, and values to test them with.
namespace selvage::nft {

inline const TableKey kTable{TableFamily::inet, "selvage"};

/// A kernel without tables: the fake one, or the real one in the test's own network namespace.
class AnyKernel {
 public:
  explicit AnyKernel(const std::string& name) {
    if (name == "fake") {
      auto fake = std::make_unique<FakeKernel>();
      fake_ = fake.get();
      kernel_ = std::move(fake);
      return;
    }
    namespace_.emplace();
    kernel_ = open();
  }

  /// Ends the owner of all tables and opens a new connection to the kernel.
  void end_owners() {
    if (fake_ != nullptr) return fake_->end_owners();
    kernel_.reset();
    rival_.reset();
    kernel_ = open();
  }
  /// Another program takes over the orphan kTable with everything in it.
  void give_to_another() {
    if (fake_ != nullptr) {
      fake_->ruleset().at(kTable).ownership = Ownership::taken;
      return;
    }
    rival_ = open();
    Plan plan;
    plan.tables[kTable].own = true;
    REQUIRE(rival_->commit(plan));
  }

  Kernel& operator*() { return *kernel_; }
  Kernel* operator->() { return kernel_.get(); }

 private:
  static std::unique_ptr<Kernel> open() {
    auto opened = NetlinkKernel::open();
    REQUIRE(opened);
    return std::move(*opened);
  }

  std::optional<ScopedNetNs> namespace_;
  std::unique_ptr<Kernel> kernel_;
  std::unique_ptr<Kernel> rival_;
  FakeKernel* fake_ = nullptr;
};

inline std::string ipv4(const char* text) { return IpAddress::parse(text).value().key(); }
inline std::string ipv6(const char* text) { return IpAddress::parse(text).value().key(); }
inline std::string be16(unsigned number) { return {static_cast<char>(number >> 8), static_cast<char>(number)}; }
inline std::string ifname(std::string name) { return name.append(16 - name.size(), '\0'); }
/// address . protocol . port
inline std::string triple(const char* address, int protocol, unsigned port) {
  return ipv4(address) + std::string{static_cast<char>(protocol), 0, 0, 0} + be16(port) + std::string(2, '\0');
}
inline ElementKey single(std::string first) { return {std::move(first), {}}; }
inline SharedVerdict go_to(std::string chain) { return share({Verdict::Code::go_to, std::move(chain)}); }

inline SetSpec spec_of(std::vector<FieldType> key) {
  SetSpec spec;
  spec.key = std::move(key);
  return spec;
}
inline SetSpec ranges_of(std::vector<FieldType> key) {
  SetSpec spec = spec_of(std::move(key));
  spec.interval = true;
  return spec;
}
inline SetSpec verdicts_of(std::vector<FieldType> key) {
  SetSpec spec = spec_of(std::move(key));
  spec.verdict_map = true;
  return spec;
}

/// A table with an empty verdict map, a plain set, an interval set, and a class chain in use.
inline Table small_table() {
  Table table;
  table.chains["k1"].rules = {RuleBuilder().counter().drop()};
  table.chains["k2"];
  table.chains["forward"].base = BaseChain{};
  table.chains["forward"].rules = {RuleBuilder().vmap({Selector::ip_saddr}, "peers").build(),
                                   RuleBuilder().in({Selector::ip_saddr}, "pods").drop()};
  table.sets["peers"] = {verdicts_of({FieldType::ipv4_addr}), {{single(ipv4("10.0.0.1")), {go_to("k1"), {}}}}};
  table.sets["pods"] = {spec_of({FieldType::ipv4_addr}), {{single(ipv4("10.0.0.1")), {}}}};
  table.sets["blocks"] = {ranges_of({FieldType::ipv4_addr}), {{{ipv4("10.0.0.0"), ipv4("10.0.0.255")}, {}}}};
  table.sets["port-ranges"] = {ranges_of({FieldType::ipv4_addr, FieldType::inet_proto, FieldType::inet_service}),
                               {{{triple("10.0.0.1", 6, 10), triple("10.0.0.1", 6, 20)}, {}}}};
  return table;
}

/// The only table.
inline Ruleset read_table(Kernel& kernel) {
  auto ruleset = kernel.read(std::array{kTable});
  INFO((ruleset ? std::string() : ruleset.error().message));
  REQUIRE(ruleset);
  return std::move(*ruleset);
}

/// The plan's part for the only table, to be filled in.
inline TablePlan& change(Plan& plan) { return plan.tables[kTable]; }

inline void must_commit(Kernel& kernel, const Plan& plan) {
  const auto done = kernel.commit(plan);
  INFO((done ? std::string() : done.error().message));
  REQUIRE(done);
}

/// Makes this table the whole ruleset.
inline void put_table(Kernel& kernel, const Table& table) {
  must_commit(kernel, diff(read_table(kernel), Ruleset{{kTable, table}}));
}

/// Commits a plan that must be refused, checks that nothing changed, and returns the errno.
inline int refusal_of(Kernel& kernel, const Plan& plan) {
  const Ruleset before = read_table(kernel);
  const auto done = kernel.commit(plan);
  REQUIRE_FALSE(done);
  INFO(done.error().message);
  CHECK(read_table(kernel) == before);
  return done.error().code;
}

}  // namespace selvage::nft
