#include "agent/cli/command_tree.hpp"

#include <fmt/format.h>

namespace kilnwatt::cli {
namespace {

std::string slashed(std::vector<std::string> const& path)
{
    std::string text;
    for (auto const& p : path)
        text += "/" + p;
    return text;
}

/// What can stand next: subcommands and options.
std::string words_of(command_entry const& c)
{
    std::string words;
    for (auto const& s : c.subcommands)
        words += s + " ";
    for (auto const& o : c.options)
        for (auto const& n : o.names)
            words += n + " ";
    if (!words.empty())
        words.pop_back();
    return words;
}

/// Inside single quotes of a shell.
std::string quoted(std::string const& text)
{
    std::string out{"'"};
    for (char const c : text)
        out += c == '\'' ? std::string{"'\\''"} : std::string(1, c == '\n' ? ' ' : c);
    return out + "'";
}

std::string patterns(std::vector<command_entry> const& tree)
{
    std::string text;
    for (auto const& c : tree)
        if (!c.path.empty())
            text += (text.empty() ? "" : "|") + slashed(c.path);
    return text;
}

/// bash and zsh walk the words the same way; `word` is the i-th of them, `reply` offers `words`.
std::string cases(std::vector<command_entry> const& tree, std::string_view reply)
{
    std::string text;
    for (auto const& c : tree)
        text += fmt::format("    '{}') offer='{}' ;;\n", slashed(c.path), words_of(c));
    return text + fmt::format("  esac\n{}", reply);
}

std::string bash(std::vector<command_entry> const& tree)
{
    return fmt::format("# bash completion of kilnwatt, made by `kilnwatt help completion bash`\n"
                       "_kilnwatt() {{\n"
                       "  local cur=${{COMP_WORDS[COMP_CWORD]}} at= offer= i\n"
                       "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
                       "    case \"$at/${{COMP_WORDS[i]}}\" in\n"
                       "      {}) at=\"$at/${{COMP_WORDS[i]}}\" ;;\n"
                       "    esac\n"
                       "  done\n"
                       "  case \"$at\" in\n{}}}\n"
                       "complete -o default -F _kilnwatt kilnwatt\n",
                       patterns(tree), cases(tree, "  COMPREPLY=($(compgen -W \"$offer\" -- \"$cur\"))\n"));
}

std::string zsh(std::vector<command_entry> const& tree)
{
    return fmt::format("#compdef kilnwatt\n"
                       "# zsh completion of kilnwatt, made by `kilnwatt help completion zsh`\n"
                       "_kilnwatt() {{\n"
                       "  local at= i\n"
                       "  for ((i = 2; i < CURRENT; i++)); do\n"
                       "    case \"$at/${{words[i]}}\" in\n"
                       "      {}) at=\"$at/${{words[i]}}\" ;;\n"
                       "    esac\n"
                       "  done\n"
                       "  local offer\n"
                       "  case \"$at\" in\n{}}}\n"
                       "compdef _kilnwatt kilnwatt\n",
                       patterns(tree), cases(tree, "  compadd -- ${=offer}\n  _files\n"));
}

std::string fish(std::vector<command_entry> const& tree)
{
    std::string text = "# fish completion of kilnwatt, made by `kilnwatt help completion fish`\n";
    for (auto const& c : tree) {
        std::string when = c.path.empty() ? "__fish_use_subcommand" : "";
        for (auto const& p : c.path)
            when += (when.empty() ? "" : "; and ") + ("__fish_seen_subcommand_from " + p);
        std::string here = when;
        if (!c.subcommands.empty() && !c.path.empty())
            here += "; and not __fish_seen_subcommand_from " + fmt::format("{}", fmt::join(c.subcommands, " "));
        for (std::size_t i = 0; i < c.subcommands.size(); ++i)
            text += fmt::format("complete -c kilnwatt -n {} -f -a {} -d {}\n", quoted(here), c.subcommands[i],
                                quoted(c.subcommand_abouts[i]));
        for (auto const& o : c.options) {
            std::string names;
            for (auto const& n : o.names)
                names += n.starts_with("--") ? " -l " + n.substr(2) : " -s " + n.substr(1);
            if (!names.empty())
                text += fmt::format("complete -c kilnwatt -n {}{}{} -d {}\n", quoted(when), names,
                                    o.label.empty() ? "" : " -r", quoted(o.about));
        }
    }
    return text;
}

} // namespace

std::string completion_script(std::vector<command_entry> const& tree, std::string const& shell)
{
    if (shell == "bash")
        return bash(tree);
    if (shell == "zsh")
        return zsh(tree);
    return shell == "fish" ? fish(tree) : std::string{};
}

} // namespace kilnwatt::cli
