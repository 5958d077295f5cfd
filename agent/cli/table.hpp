#pragma once

#include "agent/cli/streams.hpp"
#include "core/row.hpp"

#include <string>
#include <vector>

namespace kilnwatt::cli {

struct table_column {
    std::string name;   ///< heading, and key of a JSON line
    bool right = false; ///< numbers stand to the right
};

/// Rows of values, printed as people, pipes and programs want them: aligned on a terminal (headings bold unless
/// NO_COLOR is set), tab-separated with a heading line in a pipe, one JSON object a row on request.
class table {
public:
    explicit table(std::vector<table_column> columns) : columns_{std::move(columns)} {}

    /// One value a column; a missing one is "-" on a terminal, empty in a pipe, null in JSON.
    void add(std::vector<value> row);
    bool empty() const { return rows_.empty(); }
    void print(streams io, bool json) const;
    /// A list that goes on: prints the rows as print() does, the heading only the first time, and forgets them. Columns
    /// on a terminal do not become narrower.
    void print_more(streams io, bool json);
    void print_csv(std::ostream& out) const; ///< RFC 4180, with a heading line
    /// The lines of print() for a terminal, for commands that draw them again and again.
    std::vector<std::string> lines(bool colour) const;

private:
    std::vector<std::string> lines(bool colour, std::vector<std::size_t>& widths) const;
    void print_pipe(std::ostream& out) const;
    void print_heading(std::ostream& out) const;
    void print_json(std::ostream& out) const;

    std::vector<table_column> columns_;
    std::vector<std::vector<value>> rows_;
    std::vector<std::size_t> widths_; ///< of what print_more() has printed; empty: nothing yet
};

/// As shown and piped: a number with the digits it has, text as it is, "" for none.
std::string to_text(value const& v);

} // namespace kilnwatt::cli
