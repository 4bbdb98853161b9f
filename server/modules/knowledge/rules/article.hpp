#pragma once

#include "base/id.hpp"
#include "base/instant.hpp"
#include "base/names.hpp"
#include "base/words.hpp"
#include "modules/ticket/rules/ticket.hpp"

#include <optional>
#include <string>

/// What agents answer from: articles (知识库) and scripts, the standard wording (规范用语).
namespace shouwen::knowledge {

BOOST_DEFINE_ENUM_CLASS(ArticleKind, article, script)
/// draft 草稿: only editors see it; in_use 使用中; retired 停用: never removed, answers given with it stay explicable.
BOOST_DEFINE_ENUM_CLASS(ArticleState, draft, in_use, retired)
/// What made a version. A change keeps the state; publishing and retiring keep the text.
BOOST_DEFINE_ENUM_CLASS(ArticleAct, created, changed, published, retired)
BOOST_DEFINE_ENUM_CLASS(Refusal, shortcut_taken,
                        article_in_use,   // published already
                        article_retired)  // retired already

/// What people write. The last four belong to scripts; nothing means: fits all.
struct ArticleText {
    ArticleKind kind = ArticleKind::article;
    std::string title;
    std::string body;  ///< Markdown; a script's may hold `{name}` and the like, filled in or left for the agent to fill
    std::optional<Class> class_ = {};
    std::string category = {};  ///< a code of the policy's tree, or empty
    std::optional<ticket::Step> step = {};
    std::optional<Channel> channel = {};
    std::optional<ticket::Emotion> emotion = {};
    std::string shortcut = {};  ///< typed after `/`; unique among scripts in use, or empty
};

/// An article or a script on record.
struct Article {
    ArticleId id;
    ArticleText text;
    std::int64_t version = 1;
    Instant updated_at;
    StaffId updated_by = {};  ///< none: the program itself (demo, import)
    ArticleState state = ArticleState::in_use;
    std::optional<Instant> disabled_at = {};  ///< since when it is retired
};

/// What lists show of an article: all but its body.
struct ArticleHead {
    ArticleId id;
    std::string title;
    std::optional<Class> class_;
    std::string category;
    std::int64_t version = 1;
    Instant updated_at;
    ArticleState state = ArticleState::in_use;
    std::optional<Instant> disabled_at;
};

/// One version of an article or a script, as it stood then.
struct ArticleVersion {
    std::int64_t version = 1;
    ArticleAct act = ArticleAct::created;
    Instant saved_at;
    StaffId saved_by;  ///< none: the program itself
    ArticleText text;  ///< empty where versions are only listed
};

}  // namespace shouwen::knowledge
