#include "config/parse_toml.hpp"

#include "config/nesting.hpp"
#include "config/syntax_sentence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#undef TOML_SHARED_LIB
#undef TOML_HEADER_ONLY
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#define TOML_MAX_NESTED_VALUES 64
#include <toml++/toml.h>

namespace kilnwatt::config {
namespace {

using kind = table::node::kind;

class converter {
public:
    explicit converter(table::node& root) : root_{root} {}

    void fill(table::node& to, toml::table const& from, int depth)
    {
        for (auto const& [key, value] : from) {
            auto child = convert(value, depth + 1);
            child->key = std::string{key.str()};
            child->key_line = static_cast<int>(key.source().begin.line);
            child->key_column = static_cast<int>(key.source().begin.column);
            to.adopt(std::move(child));
        }
        // the library sorts by name
        std::stable_sort(to.children.begin(), to.children.end(), [](auto const& a, auto const& b) {
            return std::tie(a->key_line, a->key_column) < std::tie(b->key_line, b->key_column);
        });
    }

private:
    std::unique_ptr<table::node> convert(toml::node const& from, int depth)
    {
        auto to = std::make_unique<table::node>();
        to->file = root_.file;
        to->line = static_cast<int>(from.source().begin.line);
        to->column = static_cast<int>(from.source().begin.column);
        if (depth > depth_max) {
            note(*root_.found, {to->at(), "", fmt::format("is nested deeper than {} levels", depth_max), ""});
            return to;
        }
        if (auto const* inner = from.as_table()) {
            to->closed = inner->is_inline();
            fill(*to, *inner, depth);
        } else if (auto const* list = from.as_array()) {
            to->what = kind::list;
            to->closed = !list->is_array_of_tables() || list->front().as_table()->is_inline();
            for (auto const& item : *list)
                to->adopt(convert(item, depth + 1));
        } else {
            set_scalar(*to, from);
        }
        return to;
    }

    static void set_scalar(table::node& to, toml::node const& from)
    {
        if (auto const* text = from.as_string()) {
            to.what = kind::text;
            to.scalar = text->get();
        } else if (auto const* whole = from.as_integer()) {
            to.what = kind::whole;
            to.scalar = whole->get();
        } else if (auto const* fraction = from.as_floating_point()) {
            to.what = kind::fraction;
            to.scalar = fraction->get();
        } else if (auto const* flag = from.as_boolean()) {
            to.what = kind::boolean;
            to.scalar = flag->get();
        } else {
            to.what = kind::moment;
        }
    }

    table::node& root_;
};

void note_syntax(table::node& root, toml::parse_error const& e)
{
    auto const [message, remedy] = syntax_sentence(e.description());
    place const at{*root.file, static_cast<int>(e.source().begin.line), static_cast<int>(e.source().begin.column)};
    note(*root.found, {at, "", message, remedy});
    root.complete = false;
}

} // namespace

std::shared_ptr<table::node> parse_toml(std::string_view text, std::string const& name)
{
    auto root = empty_root(name);
    auto const refuse = [&](int line, int column, std::string message, std::string remedy = {}) {
        note(*root->found, {{name, line, column}, "", std::move(message), std::move(remedy)});
        root->complete = false;
        return root;
    };
    if (text.size() > file_size_max)
        return refuse(0, 0, fmt::format("is larger than {} MiB", file_size_max >> 20));
    if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff"))
        return refuse(1, 1, "is UTF-16 text", "save it as UTF-8");
    if (text.starts_with("\xef\xbb\xbf"))
        text.remove_prefix(3);
    if (auto const fault = check_nesting(text); !fault.message.empty())
        return refuse(fault.line, fault.column, fault.message);

    auto const parsed = toml::parse(text);
    if (!parsed) {
        note_syntax(*root, parsed.error());
        return root;
    }
    converter{*root}.fill(*root, parsed.table(), 0);
    return root;
}

} // namespace kilnwatt::config
