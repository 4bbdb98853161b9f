// libFuzzer's way into the one target of a program.

#include "fuzz/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    shouwen::fuzz::targets().front().run({reinterpret_cast<const char*>(data), size});
    return 0;
}
