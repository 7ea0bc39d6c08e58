#include "nft/kernel/read_ruleset.h"

#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include <cerrno>
#include <utility>

#include "netlink/message_writer.h"
#include "nft/model/kernel_names.h"
#include "nft/wire/decode.h"

namespace selvage::nft {
namespace {

constexpr std::uint16_t kGet = NLM_F_REQUEST | NLM_F_ACK;
constexpr std::uint16_t kDump = NLM_F_REQUEST | NLM_F_DUMP;

/// How often an interrupted list of chains is read.
constexpr int kChainDumps = 10;

/// Reads one table; each step is one dump (for elements, one dump for each set).
class TableReader {
 public:
  TableReader(netlink::Socket& socket, const TableKey& key) : socket_(socket), key_(key) {}

  Result<Table> read() {
    Result<void> done = read_table();
    if (done) done = read_chains();
    if (done) done = read_rules();
    if (done) done = read_sets();
    if (done) done = read_elements();
    if (!done) return tl::unexpected(done.error());
    if (dormant_) mark_dormant();
    return std::move(table_);
  }

  [[nodiscard]] bool interrupted() const { return interrupted_; }

 private:
  netlink::MessageWriter message(std::uint16_t type, std::uint16_t flags) {
    netlink::MessageWriter out;
    out.begin(NFNL_SUBSYS_NFTABLES << 8 | type, flags, number_of(kFamilies, key_.family), 0, socket_.next_sequence());
    return out;
  }

  /// Whether an interrupted dump was read to its end.
  Result<void> ask(netlink::MessageWriter& out, const std::function<Result<void>(netlink::Bytes payload)>& take) {
    out.finish();
    auto done = socket_.request(out.take(), [&take](const netlink::Message& answer) { return take(answer.payload); });
    if (done || done.error().code != EINTR) return done;
    interrupted_ = true;
    return {};
  }

  /// A dump of one kind of object; `take` gets those in this table.
  template <class Decoded>
  Result<void> dump(std::uint16_t type, std::uint16_t table_attribute, Result<Decoded> (*decode)(netlink::Bytes),
                    const std::function<void(Decoded&&)>& take) {
    netlink::MessageWriter out = message(type, kDump);
    out.put_string(table_attribute, key_.name);
    return ask(out, [&](netlink::Bytes payload) -> Result<void> {
      Result<Decoded> decoded = decode(payload);
      if (!decoded) return tl::unexpected(decoded.error());
      if (decoded->table == key_.name) take(std::move(*decoded));
      return {};
    });
  }

  Result<void> read_table() {
    netlink::MessageWriter out = message(NFT_MSG_GETTABLE, kGet);
    out.put_string(NFTA_TABLE_NAME, key_.name);
    return ask(out, [this](netlink::Bytes payload) -> Result<void> {
      auto decoded = decode_table(payload);
      if (!decoded) return tl::unexpected(decoded.error());
      dormant_ = decoded->dormant;
      table_.ownership = ownership_of(*decoded, socket_.port());
      table_.comment = std::move(decoded->comment);
      return {};
    });
  }

  /// The kernel resumes a dump by counting the chains of all tables of the family: when another table loses some
  /// between two datagrams, it skips some of ours. So the list is read until that did not happen, and merged.
  Result<void> read_chains() {
    const bool before = std::exchange(interrupted_, true);
    for (int i = 0; i < kChainDumps && interrupted_; ++i) {
      interrupted_ = false;
      auto done = dump<DecodedChain>(NFT_MSG_GETCHAIN, NFTA_CHAIN_TABLE, decode_chain, [this](DecodedChain&& decoded) {
        table_.chains[decoded.name] = std::move(decoded.chain);
      });
      if (!done) return done;
    }
    interrupted_ = interrupted_ || before;
    return {};
  }

  Result<void> read_rules() {
    bool unknown_chain = false;
    auto done = dump<DecodedRule>(NFT_MSG_GETRULE, NFTA_RULE_TABLE, decode_rule, [&](DecodedRule&& decoded) {
      const auto chain = table_.chains.find(decoded.chain);
      unknown_chain = unknown_chain || chain == table_.chains.end();
      if (!unknown_chain) chain->second.rules.push_back(std::move(decoded.rule));
    });
    if (done && unknown_chain) return fail_errno("a rule of a chain that was not listed", EINTR);
    return done;
  }

  Result<void> read_sets() {
    return dump<DecodedSet>(NFT_MSG_GETSET, NFTA_SET_TABLE, decode_set, [this](DecodedSet&& decoded) {
      if (!decoded.anonymous) table_.sets[decoded.name].spec = std::move(decoded.spec);
    });
  }

  Result<void> read_elements() {
    for (auto& [name, set] : table_.sets) {
      std::vector<DecodedElement> elements;
      netlink::MessageWriter out = message(NFT_MSG_GETSETELEM, kDump);
      out.put_string(NFTA_SET_ELEM_LIST_TABLE, key_.name);
      out.put_string(NFTA_SET_ELEM_LIST_SET, name);
      auto done = ask(out, [&](netlink::Bytes payload) -> Result<void> {
        decode_elements(payload, elements, verdicts_);
        return {};
      });
      if (!done) return done;
      auto collected = collect_elements(set.spec, std::move(elements));
      if (!collected) return tl::unexpected(collected.error());
      set.elements = std::move(*collected);
    }
    return {};
  }

  /// A dormant table's base chains do nothing: they must not be taken for working ones.
  void mark_dormant() {
    for (auto& [name, chain] : table_.chains) {
      if (chain.base) chain.base->priority = kForeignPriority;
    }
  }

  netlink::Socket& socket_;
  const TableKey& key_;
  Table table_;
  SharedVerdicts verdicts_;
  bool dormant_ = false;
  bool interrupted_ = false;
};

/// Whether a table of this name exists at all.
Result<bool> exists(netlink::Socket& socket, const TableKey& key) {
  netlink::MessageWriter out;
  out.begin(NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETTABLE, kGet, number_of(kFamilies, key.family), 0,
            socket.next_sequence());
  out.put_string(NFTA_TABLE_NAME, key.name);
  out.finish();
  auto answer = socket.request(out.take(), [](const netlink::Message&) { return Result<void>{}; });
  if (answer) return true;
  if (answer.error().code == ENOENT) return false;
  return tl::unexpected(answer.error());
}

}  // namespace

Result<Reading> read_ruleset(netlink::Socket& socket, std::span<const TableKey> tables) {
  Reading reading;
  for (const TableKey& key : tables) {
    const std::string what = std::string("read table ") + to_string(key.family) + " " + key.name;
    const auto there = exists(socket, key);
    if (!there) return fail(what, there.error());
    if (!*there) continue;
    TableReader reader(socket, key);
    auto table = reader.read();
    if (!table) return fail(what, table.error());
    reading.ruleset[key] = std::move(*table);
    reading.interrupted = reading.interrupted || reader.interrupted();
  }
  return reading;
}

Result<std::uint32_t> read_generation(netlink::Socket& socket) {
  netlink::MessageWriter out;
  out.begin(NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETGEN, kGet, NFPROTO_UNSPEC, 0, socket.next_sequence());
  out.finish();
  std::uint32_t generation = 0;
  auto done = socket.request(out.take(), [&generation](const netlink::Message& answer) -> Result<void> {
    auto decoded = decode_generation(answer.payload);
    if (!decoded) return tl::unexpected(decoded.error());
    generation = *decoded;
    return {};
  });
  const std::string what = "read the ruleset's generation";
  if (!done && done.error().code == EPERM) return fail(what + " (needs the capability CAP_NET_ADMIN)", done.error());
  if (!done) return fail(what, done.error());
  return generation;
}

}  // namespace selvage::nft
