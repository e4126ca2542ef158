// The memory of a whole program: counted, and made to fail. For tests of the program that is linked with memory.cpp.
#pragma once

#include <cstddef>

namespace memory {

extern long allocations;               ///< made so far
extern long allocations_left;          ///< at 0 all fail; below: none does
extern long allocations_until_failure; ///< at 1 the next one fails and those after it do not; 0: none does
extern std::size_t bytes_held;         ///< as asked for

} // namespace memory
