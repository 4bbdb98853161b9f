#include "modules/knowledge/rules/lifecycle.hpp"

#include <utility>

namespace shouwen::knowledge {
namespace {

Article next(const Article& article, const Editing& editing)
{
    Article next = article;
    ++next.version;
    next.updated_at = editing.now;
    next.updated_by = editing.by;
    return next;
}

}  // namespace

Article changed(const Article& article, ArticleText text, const Editing& editing)
{
    Article after = next(article, editing);
    after.text = std::move(text);
    return after;
}

Result<Article, Refusal> published(const Article& article, const Editing& editing)
{
    if (article.state == ArticleState::in_use) return Refusal::article_in_use;
    Article after = next(article, editing);
    after.state = ArticleState::in_use;
    after.disabled_at.reset();
    return after;
}

Result<Article, Refusal> retired(const Article& article, const Editing& editing)
{
    if (article.state == ArticleState::retired) return Refusal::article_retired;
    Article after = next(article, editing);
    after.state = ArticleState::retired;
    after.disabled_at = editing.now;
    return after;
}

}  // namespace shouwen::knowledge
