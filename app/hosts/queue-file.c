#include "app/hosts/queue-file.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAGIC "Wiretalk-Queue: 1"

static char *
checksum (const guint8 *bytes, gsize n_bytes)
{
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, bytes, n_bytes);
}

guint8 *
wt_queue_file_encode (const char *id, GBytes *envelope, GBytes *message, gsize *n_bytes)
{
  gsize n_envelope, n_message;
  const guint8 *envelope_bytes = g_bytes_get_data (envelope, &n_envelope);
  const guint8 *message_bytes = g_bytes_get_data (message, &n_message);
  g_autofree char *safe_id = g_uri_escape_string (id, NULL, FALSE);
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_checksum_update (sum, envelope_bytes, n_envelope);
  g_checksum_update (sum, message_bytes, n_message);
  g_autofree char *head
      = g_strdup_printf (MAGIC "\nId: %s\nEnvelope: %" G_GSIZE_FORMAT "\nMessage: %" G_GSIZE_FORMAT "\nSHA-256: %s\n\n",
                         safe_id, n_envelope, n_message, g_checksum_get_string (sum));
  gsize n_head = strlen (head);
  guint8 *file = g_malloc (n_head + n_envelope + n_message);
  memcpy (file, head, n_head);
  memcpy (file + n_head, envelope_bytes, n_envelope);
  if (n_message)
    memcpy (file + n_head + n_envelope, message_bytes, n_message);
  *n_bytes = n_head + n_envelope + n_message;
  return file;
}

/* --- reading -------------------------------------------------------------------------------------------------------- */

static gboolean
damaged (GError **error, const char *what)
{
  g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_INVAL, what);
  return FALSE;
}

/* The value of line `name`; NULL: it is not that line. */
static const char *
value_of (char **lines, guint n, const char *name)
{
  gsize length = strlen (name);
  if (n >= g_strv_length (lines) || strncmp (lines[n], name, length) != 0 || strncmp (lines[n] + length, ": ", 2) != 0)
    return NULL;
  return lines[n] + length + 2;
}

static gboolean
read_size (const char *text, gsize *size)
{
  guint64 number;
  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXSIZE / 4, &number, NULL))
    return FALSE;
  *size = number;
  return TRUE;
}

static gboolean
check_content (const guint8 *content, gsize n_content, gsize n_envelope, gsize n_message, const char *sum, GError **error)
{
  if (n_content != n_envelope + n_message)
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                   _ ("%" G_GSIZE_FORMAT " bytes follow the head, which says %" G_GSIZE_FORMAT), n_content,
                   n_envelope + n_message);
      return FALSE;
    }
  g_autofree char *real = checksum (content, n_content);
  return g_ascii_strcasecmp (real, sum) == 0 || damaged (error, _ ("its content does not have the SHA-256 of its head"));
}

gboolean
wt_queue_file_decode (GBytes *bytes, char **id, GBytes **envelope, GBytes **message, GError **error)
{
  gsize n_bytes, n_envelope, n_message;
  const char *data = g_bytes_get_data (bytes, &n_bytes);
  const char *end = n_bytes ? memmem (data, MIN (n_bytes, WT_QUEUE_FILE_HEAD_MAX), "\n\n", 2) : NULL;
  if (end == NULL)
    return damaged (error, _ ("it has no whole head"));
  g_autofree char *head = g_strndup (data, end - data);
  g_auto (GStrv) lines = g_strsplit (head, "\n", 6);
  const char *safe_id = value_of (lines, 1, "Id"), *sum = value_of (lines, 4, "SHA-256");
  if (strcmp (lines[0] ? lines[0] : "", MAGIC) != 0 || safe_id == NULL || sum == NULL
      || !read_size (value_of (lines, 2, "Envelope"), &n_envelope)
      || !read_size (value_of (lines, 3, "Message"), &n_message))
    return damaged (error, _ ("its head is not “Wiretalk-Queue: 1” with Id, Envelope, Message and SHA-256"));
  gsize start = end + 2 - data;
  if (!check_content ((const guint8 *) data + start, n_bytes - start, n_envelope, n_message, sum, error))
    return FALSE;
  g_autofree char *plain_id = g_uri_unescape_string (safe_id, NULL);
  if (plain_id == NULL)
    return damaged (error, _ ("its Id is not readable"));
  *id = g_steal_pointer (&plain_id);
  *envelope = g_bytes_new_from_bytes (bytes, start, n_envelope);
  *message = g_bytes_new_from_bytes (bytes, start + n_envelope, n_message);
  return TRUE;
}
