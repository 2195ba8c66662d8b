/* SNMP datagrams as messages for the record: what is a reply, what ends an exchange, which exchange it is. */
#pragma once

#include "app/world/world.h"

/* `bytes` is borrowed by the message. The exchange's number is the request-id, of version 3 the msgID (they stand in
 * clear in request and answer alike), so both sides say the same without telling each other. */
WtMessage wt_snmp_record (GBytes *bytes);
