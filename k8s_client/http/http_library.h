#pragma once

namespace selvage::k8s_client {

/// Makes OpenSSL find the system's trusted certificates, as it does at first, or hides them. cpprestsdk reads them for
/// every connection, which costs 30 ms and 2 MiB, although the context gets its own store right after (TlsPolicy): hide
/// them if the server has its own CA. Changes the environment: call it while no other thread reads that, and no request
/// runs.
void use_system_certificates(bool use);

/// Starts cpprestsdk's threads, as few as a client needs, unless they run already. Call it before anything else of the
/// library.
void start_http_library();

}  // namespace selvage::k8s_client
