#include "app/scenario/snmp-boots.h"

#include "app/hosts/safe-file.h"

#include <glib/gstdio.h>
#include <string.h>

#define SECONDS_TO_2020 G_GINT64_CONSTANT (1577836800)
#define BOOTS_MAX (G_MAXINT32 - 1) /* at 2147483647 nobody would be believed any more, RFC 3414 2.2.3 */

static guint32
read_count (const char *path)
{
  g_autofree char *text = NULL;
  guint64 count = 0;
  if (!g_file_get_contents (path, &text, NULL, NULL)
      || !g_ascii_string_to_unsigned (g_strchomp (text), 10, 0, BOOTS_MAX, &count, NULL))
    return 0;
  return count;
}

static gboolean
write_count (const char *path, guint32 count)
{
  g_autofree char *aside = g_strconcat (path, ".new", NULL), *text = g_strdup_printf ("%u\n", count);
  g_unlink (aside);
  int fd = wt_safe_file_write (aside, (const guint8 *) text, strlen (text), NULL);
  return fd >= 0 && wt_safe_file_sync (fd, aside, NULL) && wt_safe_file_move (aside, path, TRUE, NULL);
}

guint32
wt_snmp_boots_count (void)
{
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "wiretalk", NULL);
  g_autofree char *path = g_build_filename (folder, "snmp-engine-boots", NULL);
  guint32 count = read_count (path);
  if (g_mkdir_with_parents (folder, 0700) == 0 && write_count (path, MIN (count + 1, BOOTS_MAX)))
    return count;
  return MIN (g_get_real_time () / G_USEC_PER_SEC - SECONDS_TO_2020, BOOTS_MAX);
}
