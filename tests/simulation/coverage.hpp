#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

/// What was met on the way: `accepted respond`, `refused promise_open`, `opened plan`. A run that meets little shows little.
namespace shouwen::simulation {

class Coverage {
public:
    void count(std::string_view what, std::string_view which)
    {
        ++counts_[std::string{what}.append(" ").append(which)];
    }
    void add(const Coverage& other)
    {
        for (const auto& [what, count] : other.counts_) counts_[what] += count;
    }
    std::int64_t of(std::string_view what, std::string_view which) const
    {
        const auto found = counts_.find(std::string{what}.append(" ").append(which));
        return found == counts_.end() ? 0 : found->second;
    }
    const std::map<std::string, std::int64_t, std::less<>>& counts() const { return counts_; }

private:
    std::map<std::string, std::int64_t, std::less<>> counts_;
};

}  // namespace shouwen::simulation
