#include "source_tree.hpp"

#include "tests/support/places.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <regex>

namespace {

/// What g++ 12.2 miscompiles inside a co_await expression. Name it first, then move it in.
struct trap {
    std::string name;
    std::regex pattern;
};

std::vector<trap> const traps{
    {"a lambda with captures", std::regex{R"re(co_await\b[^;{]*\[[^\]\s][^\]]*\]\s*[({])re"}},
    {"a conditional that chooses the awaitable", std::regex{R"re(co_await\s*\([^;()]*\?)re"}},
    {"an aggregate temporary as argument", std::regex{R"re(co_await\b[^;{]*[(,]\s*[A-Za-z_][A-Za-z_0-9:]*?\{|co_await\b[^;{]*[(,]\s*\{)re"}},
};

bool in(std::string const& path, char const* folder)
{
    return path.rfind(folder, 0) == 0;
}

} // namespace

TEST_CASE("tidy: no co_await expression holds what g++ 12.2 miscompiles", "[tidy]")
{
    for (auto const& file : tidy::everything()) {
        if (in(file.path, "tests/tidy") || (file.path.find(".cpp") == std::string::npos && file.path.find(".hpp") == std::string::npos))
            continue;
        for (auto const& t : traps) {
            std::smatch m;
            auto const found = std::regex_search(file.text, m, t.pattern);
            INFO((found ? tidy::place(file, static_cast<std::size_t>(m.position())) : file.path) << ": " << t.name);
            CHECK_FALSE(found);
        }
    }
}

TEST_CASE("tidy: the traps are recognised", "[tidy]")
{
    std::vector<std::string> const bad{
        "co_await run([big] { return big; });",
        "co_await (fast ? f() : g());",
        "co_await read(request{1, 2}, words);",
        "co_await read(link, {1, 2});",
    };
    for (auto const& text : bad) {
        bool caught = false;
        for (auto const& t : traps)
            caught = caught || std::regex_search(text, t.pattern);
        INFO(text);
        CHECK(caught);
    }
    std::string const good = "auto const r = co_await link.read(request, words);\nif (x) {\n  auto f = [this] { g(); };\n}";
    for (auto const& t : traps)
        CHECK_FALSE(std::regex_search(good, t.pattern));
}

TEST_CASE("tidy: no file is longer than 600 lines, and few are longer than 400", "[tidy]")
{
    for (auto const& file : tidy::everything()) {
        if (in(file.path, "docs") || file.path.find(".cpp") == std::string::npos)
            continue;
        if (file.lines.size() > 400)
            WARN(file.path << " has " << file.lines.size() << " lines");
        INFO(file.path << " has " << file.lines.size() << " lines");
        CHECK(file.lines.size() <= 600);
    }
}

TEST_CASE("tidy: no line of code is longer than 120 columns", "[tidy]")
{
    for (auto const& file : tidy::sources())
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            std::size_t columns = 0;
            for (char const c : file.lines[i])
                columns += (static_cast<unsigned char>(c) & 0xC0) != 0x80; // UTF-8: count first bytes only
            INFO(file.path << ":" << i + 1 << " has " << columns << " columns");
            CHECK(columns <= 120);
        }
}

TEST_CASE("tidy: no marker of unfinished work and no path outside the repository", "[tidy]")
{
    static std::regex const marker{R"re(\b(TODO|FIXME|XXX|HACK)\b|\.\./shared|/work/)re"};
    for (auto const& file : tidy::everything()) {
        if (in(file.path, "tests/tidy"))
            continue;
        std::smatch m;
        auto const found = std::regex_search(file.text, m, marker);
        INFO((found ? tidy::place(file, static_cast<std::size_t>(m.position())) + " " + m.str() : file.path));
        CHECK_FALSE(found);
    }
}

TEST_CASE("tidy: every profile has its golden folder and every golden folder its profile", "[tidy]")
{
    namespace fs = std::filesystem;
    fs::path const root = KILNWATT_SOURCE_DIR;
    for (auto const& p : fs::directory_iterator(root / "config/devices")) {
        if (p.is_directory()) // what profiles share
            continue;
        INFO(p.path());
        CHECK(fs::exists(root / "tests/devices" / p.path().stem() / "image.txt"));
        CHECK(fs::exists(root / "tests/devices" / p.path().stem() / "expected.txt"));
    }
    for (auto const& p : fs::directory_iterator(root / "tests/devices")) {
        INFO(p.path());
        CHECK(fs::exists(root / "config/devices" / (p.path().filename().string() + ".toml")));
    }
}
