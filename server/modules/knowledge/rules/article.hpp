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
BOOST_DEFINE_ENUM_CLASS(Refusal, shortcut_taken)

/// What people write. The last four belong to scripts; nothing means: fits all.
struct ArticleText {
    ArticleKind kind = ArticleKind::article;
    std::string title;
    std::string body;  ///< Markdown; a script's may hold `{name}` and the like, for the agent to fill in
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
    StaffId updated_by = {};                  ///< none: the program itself (demo, import)
    std::optional<Instant> disabled_at = {};  ///< out of use, never removed: answers given with it stay explicable
};

/// What lists show of an article: all but its body.
struct ArticleHead {
    ArticleId id;
    std::string title;
    std::optional<Class> class_;
    std::string category;
    std::int64_t version = 1;
    Instant updated_at;
    std::optional<Instant> disabled_at;
};

}  // namespace shouwen::knowledge
