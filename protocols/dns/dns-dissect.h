/* DNS dissection, field names as in Wireshark's packet-dns: dns.id, dns.flags.response, dns.qry.name, dns.qry.type,
 * dns.resp.name, dns.mx.preference, dns.mx.mail_exchange, dns.a ... */
#pragma once

#include "protocols/base/dissector.h"

extern const WtDissector wt_dns_dissector;
