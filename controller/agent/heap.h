#pragma once

/// Tuning of glibc's heap; no effect with other C libraries.
namespace selvage::controller {

/// Lets all threads share one heap; call it before any starts. So memory that one thread has freed, such as the objects
/// of the first list, serves the others; separate heaps would each keep it.
void share_one_heap();

/// Returns free memory to the system. The first list and whole tables need several times the memory that is kept.
void give_back_memory();

}  // namespace selvage::controller
