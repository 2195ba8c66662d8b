/* POP3 dissection, field names as in Wireshark's packet-pop: pop.request.command, pop.response.indicator ...; mail headers as
 * in the MIME dissector. */
#pragma once

#include "protocols/base/dissector.h"

extern const WtDissector wt_pop3_dissector;
