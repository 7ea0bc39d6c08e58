#pragma once

namespace selvage::k8s_client {

/// Says whether OpenSSL finds the system's trusted certificates (it does at first). cpprestsdk reads them
/// for every connection, 30 ms and 2 MiB each time, though the context gets a store of its own right
/// after (TlsPolicy): so where the server has a CA of its own they had better not be found. Changes the
/// environment: to be called while no other thread reads it, and no request is under way.
void use_system_certificates(bool use);

/// Starts cpprestsdk's threads, as few as a client needs; once for the process. Threads that somebody
/// else started before do as well. To be called before anything else of the library.
void start_http_library();

}  // namespace selvage::k8s_client
