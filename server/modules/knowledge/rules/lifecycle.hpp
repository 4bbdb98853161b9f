#pragma once

#include "base/result.hpp"
#include "modules/knowledge/rules/article.hpp"

namespace shouwen::knowledge {

/// Who does it, and when the server received it (UTC).
struct Editing {
    StaffId by;
    Instant now;
};

/// Each returns the next version of the record, or why there is none.

/// The text anew; the state stays: a draft is not shown to anybody by being corrected.
Article changed(const Article& article, ArticleText text, const Editing& editing);
/// Puts a draft into use, or brings back what was retired. Refusal: `article_in_use`.
Result<Article, Refusal> published(const Article& article, const Editing& editing);
/// Takes it out of use, and so throws a draft away. Refusal: `article_retired`.
Result<Article, Refusal> retired(const Article& article, const Editing& editing);

}  // namespace shouwen::knowledge
