/* Charsets to UTF-8, through GLib's iconv. */
#pragma once

#include <glib.h>

/* `charset` NULL: UTF-8 where the bytes are that, else windows-1252, as mail programs guess. An unknown charset, or
 * bytes that are not in it, become U+FFFD where they are not ASCII or UTF-8; `*known` (optional) is FALSE then. NULs
 * become U+FFFD. (transfer full): valid UTF-8 */
char *wt_mime_to_utf8 (const char *charset, const guint8 *bytes, gsize n_bytes, gboolean *known);
