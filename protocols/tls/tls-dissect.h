/* TLS dissection: records and the parts of the handshake that travel in clear (RFC 8446 4, 5). Names as in Wireshark's
 * packet-tls: tls.record.content_type, tls.handshake.type, tls.handshake.extensions_server_name ... */
#pragma once

#include "protocols/base/dissector.h"

extern const WtDissector wt_tls_dissector;
