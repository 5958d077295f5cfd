#pragma once

#include "core/row.hpp"

namespace kilnwatt::energy {

class byte_reader;
class byte_writer;

/// A derived row with its layout, for a snapshot taken before the row was handed out.
void save(byte_writer& w, row const& r);
/// Fails what cannot be a row: other counts of cells and columns, unknown kinds.
void load(byte_reader& r, row& into);

} // namespace kilnwatt::energy
