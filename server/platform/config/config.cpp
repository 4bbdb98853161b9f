#include "platform/config/config.hpp"

#include "platform/config/keys.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "platform/config/toml.hpp"

namespace shouwen::config {
namespace {

const Key* find_key(std::string_view name)
{
    const auto keys = all_keys();
    const auto found = std::ranges::find(keys, name, &Key::name);
    return found == keys.end() ? nullptr : &*found;
}

std::string known_keys(std::string_view section)
{
    std::string names;
    for (const Key& key : all_keys()) {
        if (!key.name.starts_with(section) || key.name[section.size()] != '.') continue;
        names += (names.empty() ? "" : ", ") + std::string(key.name.substr(section.size() + 1));
    }
    return names;
}

std::string known_sections()
{
    std::string names;
    std::string_view last;
    for (const Key& key : all_keys()) {
        const auto section = key.name.substr(0, key.name.find('.'));
        if (section == last) continue;
        last = section;
        names += fmt::format("{}[{}]", names.empty() ? "" : ", ", section);
    }
    return names;
}

/// Nothing when the node has another form than the key takes.
std::optional<Given> given_by(const toml::node& node, Form form)
{
    switch (form) {
        case Form::text:
            if (const auto value = node.value_exact<std::string>()) return *value;
            break;
        case Form::number:
            if (const auto value = node.value_exact<std::int64_t>()) return *value;
            break;
        case Form::boolean:
            if (const auto value = node.value_exact<bool>()) return *value;
            break;
        case Form::list:
            if (const auto* array = node.as_array()) {
                std::vector<std::string> items;
                for (const auto& item : *array) {
                    const auto value = item.value_exact<std::string>();
                    if (!value) return std::nullopt;
                    items.push_back(*value);
                }
                return items;
            }
    }
    return std::nullopt;
}

/// The same from a variable: everything is text there, lists are separated by commas.
std::optional<Given> given_by(const std::string& variable, Form form)
{
    switch (form) {
        case Form::text: return variable;
        case Form::number: {
            std::int64_t number = 0;
            const char* end = variable.data() + variable.size();
            const auto [rest, error] = std::from_chars(variable.data(), end, number);
            if (error == std::errc{} && rest == end) return number;
            break;
        }
        case Form::boolean:
            if (variable == "true" || variable == "false") return variable == "true";
            break;
        case Form::list: {
            std::vector<std::string> items;
            std::istringstream in(variable);
            for (std::string item; std::getline(in, item, ',');) {
                const auto begin = item.find_first_not_of(' ');
                const auto end = item.find_last_not_of(' ');
                if (begin != std::string::npos) items.push_back(item.substr(begin, end - begin + 1));
            }
            return items;
        }
    }
    return std::nullopt;
}

std::string variable_of(std::string_view key)
{
    std::string name = "SHOUWEN_";
    for (const char c : key) name += c == '.' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c);
    return name;
}

class Reader {
public:
    explicit Reader(std::string_view file_name) : file_name_(file_name) {}

    void read_file(std::string_view content)
    {
        try {
            const toml::table root = toml::parse(content);
            for (const auto& [name, node] : root) read_section(name.str(), name.source(), node);
        } catch (const toml::parse_error& error) {
            errors.push_back({place(error.source()), "", std::string(error.description())});
        } catch (const std::invalid_argument&) {
            errors.push_back({std::string(file_name_), "", "this is no TOML"});
        }
    }

    void read_environment(const Environment& environment)
    {
        for (const Key& key : all_keys()) {
            const auto found = environment.find(variable_of(key.name));
            if (found != environment.end()) set(key, given_by(found->second, key.form), "environment", found->first);
        }
        // Other variables may be meant for scripts; one that begins like a section of ours is a typing error.
        for (const auto& [name, value] : environment)
            if (begins_like_a_section(name) && !is_known(name))
                errors.push_back({"environment", name, "unknown variable"});
    }

    Config config;
    Errors errors;

private:
    std::string place(const toml::source_region& region) const
    {
        return fmt::format("{}:{}:{}", file_name_, region.begin.line, region.begin.column);
    }

    void read_section(std::string_view section, const toml::source_region& at, const toml::node& node)
    {
        const std::string keys = known_keys(section);
        if (keys.empty()) {
            errors.push_back({place(at), std::string(section), "unknown section; there are " + known_sections()});
            return;
        }
        const auto* table = node.as_table();
        if (!table) {
            errors.push_back(
                {place(node.source()), std::string(section), fmt::format("expected a section [{}]", section)});
            return;
        }
        for (const auto& [name, value] : *table) {
            const std::string full = fmt::format("{}.{}", section, name.str());
            if (const Key* key = find_key(full))
                set(*key, given_by(value, key->form), place(value.source()), full);
            else
                errors.push_back({place(name.source()), full, fmt::format("unknown key; [{}] has {}", section, keys)});
        }
    }

    void set(const Key& key, const std::optional<Given>& given, const std::string& where, const std::string& name)
    {
        if (!given || !key.set(config, *given))
            errors.push_back({where, name, fmt::format("expected {}", key.expected)});
    }

    static bool is_known(std::string_view variable)
    {
        return std::ranges::any_of(all_keys(), [&](const Key& key) { return variable_of(key.name) == variable; });
    }
    static bool begins_like_a_section(std::string_view variable)
    {
        return std::ranges::any_of(all_keys(), [&](const Key& key) {
            return variable.starts_with(variable_of(key.name.substr(0, key.name.find('.'))) + '_');
        });
    }

    std::string_view file_name_;
};

}  // namespace

std::filesystem::path data_dir_of(const std::string& url)
{
    if (!url.starts_with("sqlite:")) return "shouwen-data";
    return std::filesystem::path(url.substr(7)).parent_path() / "shouwen-data";
}

std::string Error::text() const
{
    return key.empty() ? fmt::format("{}: {}", place, expected) : fmt::format("{}: {}: {}", place, key, expected);
}

Environment environment_of_process()
{
    Environment variables;
    for (char** entry = environ; entry && *entry; ++entry) {
        const std::string_view pair = *entry;
        const auto equals = pair.find('=');
        if (pair.starts_with("SHOUWEN_") && equals != std::string_view::npos)
            variables.emplace(pair.substr(0, equals), pair.substr(equals + 1));
    }
    return variables;
}

Result<Config, Errors> parse(std::string_view toml, std::string_view file_name, const Environment& environment)
{
    Reader reader(file_name);
    reader.read_file(toml);
    reader.read_environment(environment);
    auto& config = reader.config;
    if (reader.errors.empty() && config.security.session_idle > config.security.session_max)
        reader.errors.push_back(
            {std::string(file_name), "security.session_idle", "expected at most security.session_max"});
    if (reader.errors.empty() && config.backup.drill_interval > config.backup.verified_max_age)
        reader.errors.push_back(
            {std::string(file_name), "backup.drill_interval", "expected at most backup.verified_max_age"});
    if (reader.errors.empty() && !config.backup.key_file.empty() && !config.backup.passphrase.empty())
        reader.errors.push_back(
            {std::string(file_name), "backup.passphrase", "expected none beside backup.key_file: one key encrypts"});
    if (!reader.errors.empty()) return std::move(reader.errors);
    if (config.data.dir.empty()) config.data.dir = data_dir_of(config.store.url);
    return std::move(config);
}

Result<Config, Errors> load(const std::optional<std::filesystem::path>& file, const Environment& environment)
{
    if (!file) return parse({}, "defaults", environment);
    std::ifstream in(*file, std::ios::binary);
    // Piece by piece: `<< in.rdbuf()` takes an empty file, which is one of defaults, for a fault.
    std::string content;
    for (char piece[4096]; in.read(piece, sizeof piece), in.gcount() > 0;)
        content.append(piece, static_cast<std::size_t>(in.gcount()));
    if (!in.eof()) return Errors{{file->string(), "", "the configuration cannot be read"}};
    return parse(content, file->string(), environment);
}

std::vector<std::pair<std::string, std::string>> keys()
{
    std::vector<std::pair<std::string, std::string>> all;
    for (const Key& key : all_keys()) all.emplace_back(key.name, key.expected);
    return all;
}

}  // namespace shouwen::config
