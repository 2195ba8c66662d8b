/* The filter language: Wireshark's display-filter syntax over the dissected fields of an event.
 *
 *   smtp                              the protocol is there         smtp.response.code >= 500
 *   ip.addr == 10.0.0.0/24            any of its values             tcp.port in {25, 587}
 *   smtp.req.command == "MAIL"        contains, matches (PCRE, case-insensitive), == != > < >= <=  eq ne gt lt ge le
 *   && || ! ( )   and or not xor      smtp.rsp.parameter contains "queued"
 *   smtp.req.command[0:2] == "MA"     len() count() lower() upper()   tcp.flags & 0x12   any, all before a comparison
 *
 * As in Wireshark, a comparison holds if it holds for any occurrence of the field; != holds if it holds for all
 * (Wireshark 3.6 and later). Errors point at the column. */
#pragma once

#include "app/trace/trace.h"

#define WT_FILTER_MAX 4096       /* characters */
#define WT_FILTER_DEPTH_MAX 100  /* nested parentheses and negations */

typedef struct _WtFilter WtFilter;

#define WT_FILTER_ERROR (wt_filter_error_quark ())
GQuark wt_filter_error_quark (void);
typedef enum { WT_FILTER_ERROR_SYNTAX, WT_FILTER_ERROR_UNKNOWN_FIELD, WT_FILTER_ERROR_TYPE } WtFilterError;

/* The message of an error reads `column 12: found "=="; expected a value`. `column` (out, optional, characters from 1).
 * An empty text matches everything. */
WtFilter *wt_filter_new (const char *text, guint *column, GError **error);
gboolean wt_filter_match (const WtFilter *self, WtTrace *trace, guint32 n);
void wt_filter_free (WtFilter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtFilter, wt_filter_free)
