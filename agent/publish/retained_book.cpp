#include "agent/publish/retained_book.hpp"

#include <algorithm>
#include <utility>

namespace kilnwatt::publish {
namespace {

constexpr char part_mark = '\t';

/// A text that can be published to and stands on one line.
bool is_sound(std::string_view word)
{
    return !word.empty() && word.size() <= 1024 && std::none_of(word.begin(), word.end(), [](char c) {
        return c == '+' || c == '#' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    });
}

std::vector<std::string_view> split(std::string_view text, char mark)
{
    std::vector<std::string_view> all;
    while (!text.empty()) {
        auto const end = std::min(text.find(mark), text.size());
        all.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return all;
}

} // namespace

retained_book::retained_book(std::string_view text)
{
    for (auto const line : split(text, '\n')) {
        auto const words = split(line, part_mark);
        if (words.empty() || !std::all_of(words.begin(), words.end(), is_sound))
            continue;
        held_[std::string{words.front()}].insert(std::next(words.begin()), words.end());
    }
}

void retained_book::hold(std::string const& topic, parts const& also)
{
    auto const [at, is_new] = held_.try_emplace(topic);
    auto const before = at->second.size();
    at->second.insert(also.begin(), also.end());
    changed_ = changed_ || is_new || at->second.size() != before;
}

void retained_book::keep_only(std::string const& topic, parts const& these)
{
    auto const at = held_.find(topic);
    if (at == held_.end())
        return;
    changed_ = std::erase_if(at->second, [&](auto const& part) { return these.count(part) == 0; }) > 0 || changed_;
}

void retained_book::drop(std::string const& topic)
{
    changed_ = held_.erase(topic) > 0 || changed_;
}

std::vector<std::string> retained_book::topics() const
{
    std::vector<std::string> all;
    for (auto const& [topic, ids] : held_)
        all.push_back(topic);
    return all;
}

retained_book::parts const& retained_book::parts_of(std::string const& topic) const
{
    static parts const none;
    auto const at = held_.find(topic);
    return at == held_.end() ? none : at->second;
}

std::optional<std::string> retained_book::take_changed()
{
    if (!std::exchange(changed_, false))
        return std::nullopt;
    std::string text;
    for (auto const& [topic, ids] : held_) {
        text += topic;
        for (auto const& id : ids)
            text += part_mark + id;
        text += '\n';
    }
    return text;
}

} // namespace kilnwatt::publish
