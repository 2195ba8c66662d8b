/* IMAP dissection (RFC 3501, RFC 9051), field names as in Wireshark's packet-imap: imap.request.command,
 * imap.response.status
 * ...; the header of a mail as in the MIME dissector. */
#pragma once

#include "protocols/base/dissector.h"

extern const WtDissector wt_imap_dissector;
