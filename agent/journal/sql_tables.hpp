#pragma once

#include "core/record.hpp"
#include "core/result.hpp"

#include <memory>
#include <string>

namespace kilnwatt::journal {

/// A SQLite file of plain tables and views for people with SQL: windows, figures and events of one journal
/// (docs/journal-format.md, "For SQL"). It is brought up to date by adding the records from next() on; of a window that
/// comes twice the highest revision stays.
///
/// One thread. What was added since the last commit() is not in the file yet.
class sql_tables {
public:
    /// Opens or creates the file; one that holds another journal's (`epoch`) or anything else is refused.
    [[nodiscard]] static result<sql_tables> open(std::string const& path, std::string const& epoch, std::string& why);
    ~sql_tables();
    sql_tables(sql_tables&&) noexcept;
    sql_tables& operator=(sql_tables&&) noexcept;

    position next() const;

    /// Records of other streams are ignored.
    [[nodiscard]] result<void> add(record const& r);
    [[nodiscard]] result<void> commit(position next);

private:
    struct impl;
    explicit sql_tables(std::unique_ptr<impl> i);
    std::unique_ptr<impl> impl_;
};

} // namespace kilnwatt::journal
