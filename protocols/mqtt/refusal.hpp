#pragma once

#include "protocols/mqtt/error.hpp"

#include <string_view>

namespace kilnwatt::mqtt {

/// What a refusing CONNACK means. `code` is a return code of MQTT 3.1.1 (1..5) or a reason code of MQTT 5 (0x80..0xff);
/// the two never overlap.
errc connect_refusal(int code) noexcept;

/// What a refusing PUBACK, PUBREC or SUBACK means. `code` is 0x80..0xff.
errc request_refusal(int code) noexcept;

/// The specification's words for a code of CONNACK, PUBACK, SUBACK or DISCONNECT, for logs; "" for 0 and codes nobody
/// has defined. Static storage.
std::string_view reason_text(int code) noexcept;

} // namespace kilnwatt::mqtt
