#include "api/problem.hpp"

#include "api/json_writer.hpp"

#include <algorithm>

namespace shouwen::api {
namespace {

const ProblemText* find_text(std::span<const ProblemText> table, std::string_view code)
{
    const auto found = std::ranges::find(table, code, &ProblemText::code);
    return found == table.end() ? nullptr : &*found;
}

std::string_view in_language(const ProblemText& text, Language language)
{
    switch (language) {
        case Language::zh_cn: return text.zh_cn;
        case Language::zh_tw: return text.zh_tw;
        case Language::en: return text.en;
    }
    return text.zh_cn;
}

void replace_all(std::string& text, const std::string& what, std::string_view by)
{
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
}

/// The short name of a status, the same for all problems of it.
std::string_view title_of(int status, Language language)
{
    struct Title {
        int status;
        std::string_view zh_cn, zh_tw, en;
    };
    static constexpr Title titles[] = {
        {400, "请求有误", "請求有誤", "Bad request"},
        {401, "尚未登录", "尚未登入", "Not signed in"},
        {403, "没有权限", "沒有權限", "Not permitted"},
        {404, "没有找到", "找不到", "Not found"},
        {405, "不支持的操作", "不支援的操作", "Method not allowed"},
        {408, "请求超时", "請求逾時", "Request timed out"},
        {409, "当前状态不允许", "目前狀態不允許", "Refused in this state"},
        {410, "内容已失效", "內容已失效", "Gone"},
        {412, "内容已有更新", "內容已有更新", "Changed in the meantime"},
        {413, "内容过大", "內容過大", "Too large"},
        {415, "不支持的内容类型", "不支援的內容類型", "Unsupported media type"},
        {417, "无法满足的期望", "無法滿足的期望", "Expectation failed"},
        {422, "填写有误", "填寫有誤", "Invalid input"},
        {426, "须升级协议", "須升級協定", "Upgrade required"},
        {428, "缺少版本号", "缺少版本號", "Version missing"},
        {429, "请求过于频繁", "請求過於頻繁", "Too many requests"},
        {431, "请求头过大", "請求標頭過大", "Headers too large"},
        {500, "系统出错", "系統出錯", "Internal error"},
        {501, "不支持", "不支援", "Not implemented"},
        {503, "系统繁忙", "系統忙碌", "Busy"},
        {505, "不支持的 HTTP 版本", "不支援的 HTTP 版本", "HTTP version not supported"},
        {507, "存储空间不足", "儲存空間不足", "Out of storage"},
    };
    for (const auto& each : titles) {
        if (each.status != status) continue;
        return language == Language::en ? each.en : language == Language::zh_tw ? each.zh_tw : each.zh_cn;
    }
    return "";
}

std::string field_detail(const FieldError& error, Language language)
{
    const auto* text = find_text(field_texts(), error.code);
    std::string detail{text ? in_language(*text, language) : std::string_view{error.code}};
    replace_all(detail, "{expected}", error.expected);
    return detail;
}

}  // namespace

int status_of(std::string_view code)
{
    const auto* text = find_text(problem_texts(), code);
    return text ? text->status : 500;
}

std::string detail_of(const Problem& problem, Language language)
{
    const auto* text = find_text(problem_texts(), problem.code);
    std::string detail{text ? in_language(*text, language) : std::string_view{problem.code}};
    for (const auto& [name, by] : problem.fill) replace_all(detail, "{" + name + "}", by);
    return detail;
}

http::Response respond(const Problem& problem, Language language)
{
    http::Response response;
    response.status = status_of(problem.code);
    response.content_type = "application/problem+json";
    response.headers = problem.headers;
    response.headers.emplace_back("Content-Language", tag_of(language));
    JsonWriter out;
    out.begin_object()
        .member("type", "urn:shouwen:problem:" + problem.code)
        .member("title", title_of(response.status, language))
        .member("status", response.status)
        .member("detail", detail_of(problem, language))
        .member("code", problem.code);
    if (!problem.errors.empty()) {
        out.key("errors").begin_array();
        for (const auto& error : problem.errors)
            out.begin_object()
                .member("pointer", error.pointer)
                .member("code", error.code)
                .member("detail", field_detail(error, language))
                .end_object();
        out.end_array();
    }
    response.body = out.take();
    if (!problem.members.empty()) response.body += "," + problem.members;
    response.body += "}";
    return response;
}

}  // namespace shouwen::api
