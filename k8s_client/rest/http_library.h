#pragma once

namespace selvage::k8s_client {

/// Starts cpprestsdk's threads, as few as a client needs; once for the process. Threads that somebody
/// else started before do as well. To be called before anything else of the library.
void start_http_library();

}  // namespace selvage::k8s_client
