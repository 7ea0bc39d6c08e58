#pragma once

/// What the agent asks of the C library's heap; nothing where that is not glibc's.
namespace selvage::controller {

/// Lets all threads share one heap; to be called before any begins. What one has freed, such as the objects of a first
/// list, serves the others; of heaps of their own each would keep it.
void share_one_heap();

/// A first list and whole tables take several times what is kept of them: the rest goes back to the system.
void give_back_memory();

}  // namespace selvage::controller
