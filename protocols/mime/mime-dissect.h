/* Dissection of a mail: header fields as Wireshark's imf.from, imf.subject ..., the parts of a multipart as a tree, and
 * what is wrong with it (RFC 5322, 2045-2049). */
#pragma once

#include "protocols/base/dissector.h"

extern const WtDissector wt_mime_dissector;

/* The tree of a mail that stands at `offset` in a larger message: ranges are shifted by it. (transfer full) */
WtField *wt_mime_dissect (const guint8 *bytes, gsize n_bytes, gsize offset);
/* What a list shows of it: the decoded subject, "" when there is none. Reads the header only. (transfer full) */
char *wt_mime_subject (const guint8 *bytes, gsize n_bytes);
