#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace selvage::nft {

/// Most bytes of a comment (NFTNL_UDATA_COMMENT_MAXLEN), the ending NUL not counted.
inline constexpr std::size_t kCommentLimit = 128;

/// A comment as it may go into the kernel, whatever a user wrote: valid UTF-8 of at most
/// `kCommentLimit` bytes, cut between characters; a double quote becomes a single one, control
/// characters (C0, DEL, C1) a space, a byte that is no UTF-8 a question mark. So every listing of
/// `nft` and `nft -j` stays readable and loads again.
[[nodiscard]] std::string printable_comment(std::string_view text);

}  // namespace selvage::nft
