#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace shouwen {

/// A folder with public data sets to compare with, beside the checkout; tests that want it skip when it is absent.
inline std::filesystem::path shared_data()
{
    return std::filesystem::path{SHOUWEN_SHARED_DATA};
}

inline std::string text_of(const std::filesystem::path& file)
{
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace shouwen
