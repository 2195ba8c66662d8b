#include "app/hosts/path-name.h"

#include <string.h>
#include <unistd.h>

#define HASHED_PART 128 /* bytes kept of a name that is too long */

static gboolean
stays (guchar c, gboolean leads)
{
  return g_ascii_isalnum (c) || c >= 0x80 || (c && strchr ("-_+=@", c)) || (c == '.' && !leads);
}

char *
wt_path_name (const char *name)
{
  g_autoptr (GString) safe = g_string_new (NULL);
  gboolean utf8 = g_utf8_validate (name, -1, NULL);
  for (const char *each = name; *each; each++)
    {
      guchar c = *each;
      if (stays (c, each == name) && (utf8 || c < 0x80))
        g_string_append_c (safe, c);
      else
        g_string_append_printf (safe, "%%%02X", c);
    }
  if (safe->len == 0)
    g_string_append_c (safe, '%');
  if (safe->len <= WT_PATH_NAME_MAX)
    return g_string_free (g_steal_pointer (&safe), FALSE);
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, name, -1);
  gsize kept = HASHED_PART;
  while (kept > 0 && ((guchar) safe->str[kept] & 0xc0) == 0x80)
    kept--; /* not within a character */
  g_string_truncate (safe, kept);
  g_string_append_printf (safe, "~%s", sum); /* a ~ of the name itself would be %7E */
  return g_string_free (g_steal_pointer (&safe), FALSE);
}

char *
wt_maildir_name (gint64 time, guint64 count, const char *host, gsize size)
{
  g_autofree char *safe_host = wt_path_name (host);
  if (strlen (safe_host) > HASHED_PART)
    safe_host[HASHED_PART] = '\0';
  return g_strdup_printf ("%" G_GINT64_FORMAT ".M%" G_GINT64_FORMAT "P%dQ%" G_GUINT64_FORMAT ".%s,S=%" G_GSIZE_FORMAT,
                          time / G_USEC_PER_SEC, time % G_USEC_PER_SEC, (int) getpid (), count, safe_host, size);
}
