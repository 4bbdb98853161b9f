// Every target with every input of its corpus, in each normal run.

#include "fuzz/target.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

namespace shouwen::fuzz {
namespace {

std::vector<std::filesystem::path> corpus_of(const char* target)
{
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator{std::filesystem::path{SHOUWEN_FUZZ_CORPUS} / target})
        files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

class Corpus : public testing::TestWithParam<Target> {};

TEST_P(Corpus, IsReadWithoutAFault)
{
    const auto files = corpus_of(GetParam().name);
    ASSERT_FALSE(files.empty());
    for (const auto& file : files) {
        // A fault ends the program: the last name tells which input it was.
        std::cout << file.filename().string() << std::endl;
        std::ifstream in{file, std::ios::binary};
        const std::string bytes{std::istreambuf_iterator<char>{in}, {}};
        GetParam().run(bytes);
        GetParam().run(bytes.substr(0, bytes.size() / 2));
    }
}

std::vector<Target> by_name()
{
    auto all = targets();
    std::ranges::sort(all, {}, [](const Target& each) { return std::string_view{each.name}; });
    return all;
}

INSTANTIATE_TEST_SUITE_P(Of, Corpus, testing::ValuesIn(by_name()),
                         [](const auto& each) { return std::string{each.param.name}; });

}  // namespace
}  // namespace shouwen::fuzz
