/* Events and fields as JSON. */
#pragma once

#include "app/cli/cli.h"
#include "protocols/base/field.h"

/* An event as one line: n (from 1: frame.number), time_ns, kind, src, dst, sport, dport, src_host, dst_host, transport,
 * protocol, summary, payload (base64), fields (name to value, or to a list of values where a field occurs more than
 * once). Members that an event has not are "" or 0. (transfer full) */
char *wt_cli_event_json (WtTrace *trace, guint32 n);

/* A field and all below it: field, label, value, range, children. `offset` is added to ranges. (transfer full) */
JsonNode *wt_cli_field_json (const WtField *field, gsize offset);

/* The node as one line. Takes the node. (transfer full) */
char *wt_cli_json_line (JsonNode *node);
