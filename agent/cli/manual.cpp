#include "agent/cli/command_tree.hpp"

#include <fmt/format.h>

#include <sstream>

namespace kilnwatt::cli {
namespace {

/// roff's own characters made harmless.
std::string roff(std::string const& text)
{
    std::string out;
    for (char const c : text) {
        if (c == '\\')
            out += "\\e";
        else if (c == '-')
            out += "\\-";
        else if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n'))
            out += std::string{"\\&"} + c;
        else
            out += c;
    }
    return out;
}

std::string joined(std::vector<std::string> const& path, std::string const& by)
{
    std::string text = "kilnwatt";
    for (auto const& p : path)
        text += by + p;
    return text;
}

std::string synopsis(command_entry const& c)
{
    std::string text = ".B " + roff(joined(c.path, " ")) + "\n";
    for (auto const& o : c.options)
        if (!o.names.empty() && o.required)
            text += fmt::format("{} {}\n", roff(o.names.front()), roff(o.label));
    text += "[options]\n";
    for (auto const& o : c.options)
        if (o.names.empty())
            text += o.required ? roff(o.label) + "\n" : "[" + roff(o.label) + "]\n";
    if (!c.subcommands.empty())
        text += "command\n";
    return text;
}

std::string options(command_entry const& c)
{
    std::string text;
    for (auto const& o : c.options) {
        auto const names = fmt::format("{}", fmt::join(o.names, ", "));
        auto const gap = names.empty() || o.label.empty() ? "" : " ";
        text += fmt::format(".TP\n.B {}{}{}\n{}\n", roff(names), gap, roff(o.label), roff(o.about));
    }
    return text;
}

std::string commands(command_entry const& c)
{
    std::string text;
    for (std::size_t i = 0; i < c.subcommands.size(); ++i)
        text += fmt::format(".TP\n.BR {}\\-{} (1)\n{}\n", roff(joined(c.path, "-")), roff(c.subcommands[i]),
                            roff(c.subcommand_abouts[i]));
    return text;
}

std::string verbatim(std::string const& text)
{
    return ".nf\n" + roff(text) + (text.ends_with('\n') ? "" : "\n") + ".fi\n";
}

} // namespace

std::vector<manual_page> manual_pages(std::vector<command_entry> const& tree, std::string const& exit_codes)
{
    std::vector<manual_page> pages;
    for (auto const& c : tree) {
        auto const name = joined(c.path, "-");
        std::string title;
        for (char const ch : name)
            title += static_cast<char>(ch >= 'a' && ch <= 'z' ? ch - 'a' + 'A' : ch);
        auto text = fmt::format(".TH {} 1 \"\" \"kilnwatt {}\" \"Kilnwatt\"\n.SH NAME\n{} \\- {}\n.SH SYNOPSIS\n{}",
                                roff(title), KILNWATT_VERSION, roff(name), roff(c.about), synopsis(c));
        if (!c.subcommands.empty())
            text += ".SH COMMANDS\n" + commands(c);
        text += ".SH OPTIONS\n" + options(c);
        if (!c.footer.empty())
            text += ".SH NOTES\n" + verbatim(c.footer);
        text += ".SH EXIT STATUS\n" + verbatim(exit_codes);
        if (!c.path.empty())
            text += ".SH SEE ALSO\n.BR kilnwatt (1)\n";
        pages.push_back({name + ".1", std::move(text)});
    }
    return pages;
}

} // namespace kilnwatt::cli
