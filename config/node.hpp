#pragma once

#include "config/table.hpp"

#include <variant>

namespace kilnwatt::config {

/// One value of a document: the room's own tree, so that the TOML library ends at parse_toml.cpp and several files can
/// become one. Owned by its parent; the root owns the list of defects. A table keeps its entries in file order.
struct table::node {
    enum class kind : std::uint8_t { boolean, whole, fraction, text, moment, list, table };

    kind what = kind::table;
    std::variant<bool, std::int64_t, double, std::string> scalar;
    std::vector<std::unique_ptr<node>> children; ///< entries of a table, items of a list
    bool closed = false;                         ///< written inside { } or [ ]: takes nothing from another file
    bool hidden = false;                         ///< asked for as a secret

    node* parent = nullptr;
    std::string key;        ///< its name in a table; "" for the root and for an item
    std::size_t number = 0; ///< of an item, from 1

    std::shared_ptr<std::string const> file;
    int line = 0, column = 0;
    int key_line = 0, key_column = 0;

    std::vector<std::string> asked; ///< known keys of a table
    std::shared_ptr<defects> found; ///< of the root only
    bool complete = true;           ///< of the root: every file was read and parsed

    place at() const { return {*file, line, column}; }
    place key_at() const { return key_line > 0 ? place{*file, key_line, key_column} : at(); }
    /// "device[2].poll.fast"; items count from 1.
    std::string path() const;

    node* find(std::string_view name) const;
    /// find, and the key counts as known from here on.
    node* ask(std::string_view name);
    void adopt(std::unique_ptr<node> child);

    defects& notes() const;
    void note(std::string message, std::string remedy = {}) const;
};

/// What was found, for messages: "'abc'", "12", "true", "a list", "a table", "a date or time". Cut at 40 characters.
std::string show(table::node const& n);

/// An empty root for a document called `name`.
std::shared_ptr<table::node> empty_root(std::string const& name);

} // namespace kilnwatt::config
