#pragma once

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "nft/model/expression.h"
#include "nft/model/table.h"

/// Our enumerations and the kernel's numbers for them, for both directions.
namespace selvage::nft {

/// NFT_TABLE_F_PERSIST (Linux 6.9; older headers lack it): the table outlives its owner.
inline constexpr std::uint32_t kTablePersist = 0x4;

template <class T, class Number, std::size_t N>
using NumberTable = std::array<std::pair<T, Number>, N>;

inline constexpr NumberTable<TableFamily, std::uint8_t, 2> kFamilies = {{
    {TableFamily::inet, NFPROTO_INET},
    {TableFamily::bridge, NFPROTO_BRIDGE},
}};

inline constexpr NumberTable<MetaKey, std::uint32_t, 6> kMetaKeys = {{
    {MetaKey::nfproto, NFT_META_NFPROTO},
    {MetaKey::l4proto, NFT_META_L4PROTO},
    {MetaKey::iifname, NFT_META_IIFNAME},
    {MetaKey::oifname, NFT_META_OIFNAME},
    {MetaKey::bri_iifname, NFT_META_BRI_IIFNAME},
    {MetaKey::iifkind, NFT_META_IIFKIND},
}};

inline constexpr NumberTable<PayloadBase, std::uint32_t, 3> kPayloadBases = {{
    {PayloadBase::link, NFT_PAYLOAD_LL_HEADER},
    {PayloadBase::network, NFT_PAYLOAD_NETWORK_HEADER},
    {PayloadBase::transport, NFT_PAYLOAD_TRANSPORT_HEADER},
}};

inline constexpr NumberTable<CtKey, std::uint32_t, 4> kCtKeys = {{
    {CtKey::state, NFT_CT_STATE},
    {CtKey::direction, NFT_CT_DIRECTION},
    {CtKey::id, NFT_CT_ID},
    {CtKey::status, NFT_CT_STATUS},
}};

inline constexpr NumberTable<CmpOp, std::uint32_t, 2> kCmpOps = {{{CmpOp::eq, NFT_CMP_EQ}, {CmpOp::neq, NFT_CMP_NEQ}}};

inline constexpr NumberTable<Verdict::Code, std::int32_t, 5> kVerdicts = {{
    {Verdict::Code::accept, NF_ACCEPT},
    {Verdict::Code::drop, NF_DROP},
    {Verdict::Code::return_, NFT_RETURN},
    {Verdict::Code::jump, NFT_JUMP},
    {Verdict::Code::go_to, NFT_GOTO},
}};

/// The kernel's number of `value`, which is in the table.
template <class T, class Number, std::size_t N>
[[nodiscard]] constexpr Number number_of(const NumberTable<T, Number, N>& table, T value) {
  for (const auto& [ours, number] : table) {
    if (ours == value) return number;
  }
  return {};
}

/// Our value of the kernel's number; nothing when it is not in the table.
template <class T, class Number, std::size_t N>
[[nodiscard]] constexpr std::optional<T> value_of(const NumberTable<T, Number, N>& table, Number number) {
  for (const auto& [ours, theirs] : table) {
    if (theirs == number) return ours;
  }
  return std::nullopt;
}

}  // namespace selvage::nft
