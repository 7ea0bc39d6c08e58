#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "k8s_client/decode/node.h"
#include "k8s_client/decode/text_check.h"

namespace selvage::k8s_client {

/// Collections in collections, deeper than any Kubernetes object goes.
inline constexpr std::size_t kMaxDepth = 200;
/// Values in one document; a list of 10,000 pods has about two million.
inline constexpr std::size_t kMaxNodes = 5'000'000;
/// Values that anchors and aliases copy in one document: stops the "billion laughs".
inline constexpr std::size_t kMaxAliasNodes = 100'000;

/// The documents of one chunk, and why reading stopped where it did before the chunk's end.
struct ChunkDocuments {
  std::vector<Node> documents;     ///< lines count in the file; empty documents are null nodes
  std::optional<TextFault> fault;  ///< of the document after the last one in `documents`
};

/// Parses YAML or JSON that find_text_fault found nothing in. Pure; throws nothing.
[[nodiscard]] ChunkDocuments read_documents(const Chunk& chunk);

}  // namespace selvage::k8s_client
