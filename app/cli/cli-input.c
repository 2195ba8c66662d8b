#include "app/cli/cli-input.h"

#include "app/cli/cli.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

static GBytes *
read_stream (FILE *stream, const char *name, gsize max)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint8 buffer[65536];
  gsize n_read;
  while (bytes->len <= max && (n_read = fread (buffer, 1, sizeof buffer, stream)) > 0)
    g_byte_array_append (bytes, buffer, n_read);
  if (ferror (stream))
    wt_cli_error (_ ("%s: cannot be read: %s"), name, g_strerror (errno));
  else if (bytes->len > max)
    wt_cli_error (_ ("%s: longer than %d bytes"), name, (int) max);
  else
    return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
  return NULL;
}

GBytes *
wt_cli_read (const char *path, gsize max)
{
  if (path == NULL || strcmp (path, "-") == 0)
    return read_stream (stdin, _ ("standard input"), max);
  if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
    {
      g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, NULL);
      if (file && g_mapped_file_get_length (file) > max)
        {
          wt_cli_error (_ ("%s: longer than %d bytes"), path, (int) max);
          return NULL;
        }
      if (file)
        return g_mapped_file_get_bytes (file);
    }
  FILE *stream = fopen (path, "rbe");
  if (stream == NULL)
    {
      wt_cli_error (_ ("%s: cannot be read: %s"), path, g_strerror (errno));
      return NULL;
    }
  GBytes *bytes = read_stream (stream, path, max);
  fclose (stream);
  return bytes;
}
