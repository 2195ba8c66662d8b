/* Numbers with units, as scenarios write them. */
#pragma once

#include <glib.h>

/* "5s", "1.5s", "200ms", "10min", "1h", "2d", "30us", "0" to ns. FALSE with error: no unit, no number, too large. */
gboolean wt_parse_time (const char *text, gint64 *ns, GError **error);
/* "10MiB", "512KiB", "1MB", "4096", "4096B" to bytes. */
gboolean wt_parse_size (const char *text, gint64 *bytes, GError **error);
