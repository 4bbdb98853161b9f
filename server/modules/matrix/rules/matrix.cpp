#include "modules/matrix/rules/matrix.hpp"

namespace shouwen::matrix {

const std::optional<Limit>& OwnLimits::of(Grade grade) const
{
    switch (grade) {
        case Grade::L1: return L1;
        case Grade::L2: return L2;
        case Grade::L3: return L3;
    }
    return L3;
}

std::int64_t version_of(const std::vector<Row>& rows)
{
    std::int64_t version = 0;
    for (const auto& row : rows) version += row.version;
    return version;
}

}  // namespace shouwen::matrix
