#pragma once

#include "protocols/modbus/bytes.hpp"

#include <cstddef>
#include <cstdint>

namespace kilnwatt::modbus {

/// What stands at the front of the bytes received so far, seen by somebody who waits for one certain answer.
struct match {
    enum class kind : std::uint8_t {
        need_more,  ///< no whole frame; the first `size` bytes are of no use to anybody
        stranger,   ///< a whole frame that answers nothing we asked
        reply,      ///< the answer: `pdu`
        malformed,  ///< can be no answer: its length, checksum or header is impossible
        not_modbus, ///< the peer speaks HTTP or TLS
    };
    kind what = kind::need_more;
    std::size_t size = 0; ///< bytes to drop from the front after use
    byte_view pdu{};      ///< reply: function code and data, inside the bytes looked at
};

enum class likeness : std::uint8_t { no, not_yet_known, yes };

/// Whether the bytes begin like an HTTP status line or a TLS alert (RFC 8446, 5.1 and 6): what such a server answers to
/// a request it does not understand. Neither can be a Modbus frame.
likeness http_or_tls(byte_view bytes) noexcept;

} // namespace kilnwatt::modbus
