/* Mailbox names: modified UTF-7 (RFC 3501 5.1.3) and the wildcards of LIST (RFC 9051 6.3.9). */
#pragma once

#include <glib.h>

/* (transfer full) (nullable): NULL: not modified UTF-7. Bytes that are valid UTF-8 already are taken as they are. */
char *wt_imap_name_decode (const char *wire, gsize n_bytes);
/* (transfer full) */
char *wt_imap_name_encode (const char *utf8);
/* "*" stands for anything, "%" for anything but `separator`. INBOX is compared in any case. In time |pattern| x |name|.
 */
gboolean wt_imap_name_matches (const char *pattern, const char *name, char separator);
