#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace selvage::nft {

/// Maximum length of a comment in bytes (NFTNL_UDATA_COMMENT_MAXLEN), without the NUL.
inline constexpr std::size_t kCommentLimit = 128;

/// Any text as a comment for the kernel: valid UTF-8 of at most `kCommentLimit` bytes, cut between characters; a double
/// quote becomes a single quote, a control character (C0, DEL, C1) a space, a byte that is not UTF-8 a question mark.
/// So every listing of `nft` and `nft -j` is readable and loads again.
[[nodiscard]] std::string printable_comment(std::string_view text);

}  // namespace selvage::nft
