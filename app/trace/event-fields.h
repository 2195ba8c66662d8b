/* Fields of an event: its frame, IP and transport fields (frame.number, frame.time_relative, ip.src, ip.dst, ip.addr,
 * tcp.srcport, tcp.dstport, tcp.port, tcp.seq, tcp.ack, tcp.len, tcp.flags.syn ..., udp.srcport ...) followed by the
 * protocol's own tree. Made when somebody looks. */
#pragma once

#include "app/trace/trace.h"

/* (transfer full): roots "frame", "ip", "tcp"/"udp", then the protocol. Ranges of the protocol's tree are in the
 * event's payload; frame, ip and tcp/udp have none. */
GPtrArray *wt_event_fields (WtTrace *trace, guint32 n); /* (element-type WtField) */
/* One line for lists, valid UTF-8: the protocol's summary; "SYN", "ACK 1461, 512 bytes", "link a -- b down". (transfer full) */
char *wt_event_summary (WtTrace *trace, guint32 n);
/* Info of a field of a dissector, or of frame, ip, tcp, udp. (nullable) */
const WtFieldInfo *wt_event_field_info (const char *name);
