/* SMTP dissection, field names as in Wireshark's packet-smtp: smtp.req, smtp.req.command, smtp.req.parameter, smtp.rsp,
 * smtp.response.code, smtp.rsp.parameter, smtp.command_line, smtp.data.fragment ...; mail headers as imf.from, imf.to,
 * imf.subject ... until MIME has a dissector of its own. */
#pragma once

#include "protocols/base/dissector.h"

extern const WtDissector wt_smtp_dissector;
/* LMTP (RFC 2033): a field of its own around the one of SMTP, for Wireshark has none. */
extern const WtDissector wt_lmtp_dissector;
