#pragma once

namespace selvage::k8s_client {

#if defined(__x86_64__)
#define SELVAGE_ARCHITECTURE "amd64"
#elif defined(__aarch64__)
#define SELVAGE_ARCHITECTURE "arm64"
#else
#define SELVAGE_ARCHITECTURE "unknown"
#endif

/// Header User-Agent in the form of Kubernetes' own clients, with Go's name of the architecture: the API server logs
/// it, and its audit and priority rules may select by it.
inline constexpr const char* kUserAgent = "selvage/" SELVAGE_VERSION " (linux/" SELVAGE_ARCHITECTURE ")";

}  // namespace selvage::k8s_client
