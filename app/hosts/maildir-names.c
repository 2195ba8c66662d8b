#include "app/hosts/maildir-names.h"

#include "app/hosts/mailbox.h"

#include <string.h>

/* --- folders ------------------------------------------------------------------------------------------------------ */

char *
wt_maildir_folder_to_dir (const char *name)
{
  GString *dir = g_string_new (".");
  for (const char *at = name; *at; at++)
    if (*at == WT_MAIL_SEPARATOR)
      g_string_append_c (dir, '.');
    else if (*at == '.' || *at == '%')
      g_string_append_printf (dir, "%%%02X", (guint) *at);
    else
      g_string_append_c (dir, *at);
  return g_string_free (dir, FALSE);
}

char *
wt_maildir_dir_to_folder (const char *dir)
{
  g_autoptr (GString) name = g_string_new (NULL);
  if (dir[0] != '.' || dir[1] == '\0' || dir[1] == '.')
    return NULL;
  for (const char *at = dir + 1; *at; at++)
    if (*at == '%' && g_ascii_isxdigit (at[1]) && g_ascii_isxdigit (at[2]))
      {
        g_string_append_c (name, g_ascii_xdigit_value (at[1]) * 16 + g_ascii_xdigit_value (at[2]));
        at += 2;
      }
    else
      g_string_append_c (name, *at == '.' ? WT_MAIL_SEPARATOR : *at);
  return g_utf8_validate (name->str, name->len, NULL) ? g_string_free (g_steal_pointer (&name), FALSE) : NULL;
}

/* --- files -------------------------------------------------------------------------------------------------------- */

#define INFO ":2,"

static const struct
{
  char letter;
  guint32 flag;
} letters[] = { { 'D', WT_MAIL_DRAFT },
                { 'F', WT_MAIL_FLAGGED },
                { 'R', WT_MAIL_ANSWERED },
                { 'S', WT_MAIL_SEEN },
                { 'T', WT_MAIL_DELETED } };

static guint32
flag_of (char letter)
{
  for (guint i = 0; i < G_N_ELEMENTS (letters); i++)
    if (letters[i].letter == letter)
      return letters[i].flag;
  return g_ascii_islower (letter) ? WT_MAIL_KEYWORD (letter - 'a') : 0;
}

char *
wt_maildir_base (const char *file)
{
  return g_strndup (file, strcspn (file, ":"));
}

guint32
wt_maildir_flags (const char *file)
{
  const char *info = strstr (file, INFO);
  guint32 flags = 0;
  for (const char *at = info ? info + strlen (INFO) : ""; *at; at++)
    flags |= flag_of (*at);
  return flags;
}

/* Letters in the order of their codes, as the convention wants. */
char *
wt_maildir_file (const char *file, guint32 flags)
{
  const char *info = strstr (file, INFO);
  const char *old = info ? info + strlen (INFO) : "";
  GString *name = g_string_new_len (file, strcspn (file, ":"));
  g_string_append (name, INFO);
  for (char letter = 'A'; letter <= 'z'; letter++)
    {
      guint32 flag = flag_of (letter);
      if (flag ? (flags & flag) != 0 : g_ascii_isupper (letter) && strchr (old, letter) != NULL)
        g_string_append_c (name, letter);
    }
  return g_string_free (name, FALSE);
}

/* --- lines -------------------------------------------------------------------------------------------------------- */

gsize
wt_maildir_wire_size (const guint8 *bytes, gsize n_bytes)
{
  const guint8 *end = bytes + n_bytes;
  gsize size = n_bytes;
  for (const guint8 *lf = bytes; (lf = memchr (lf, '\n', end - lf)); lf++)
    size += lf == bytes || lf[-1] != '\r';
  return size;
}

/* Into `to`, which has room for so much. FALSE: it does not fit. */
static gboolean
write_wire (guint8 *to, gsize room, const guint8 *bytes, gsize n_bytes, gsize *size)
{
  const guint8 *end = bytes + n_bytes;
  gsize at = 0;
  for (const guint8 *from = bytes; from < end;)
    {
      const guint8 *lf = memchr (from, '\n', end - from);
      gsize run = (lf ? lf : end) - from;
      if (at + run + 2 * (lf != NULL) > room)
        return FALSE;
      memcpy (to + at, from, run);
      at += run;
      if (lf && (lf == bytes || lf[-1] != '\r'))
        to[at++] = '\r';
      if (lf)
        to[at++] = '\n';
      from += run + (lf != NULL);
    }
  *size = at;
  return TRUE;
}

/* What is expected is tried first: counting the lines costs as much as writing them. */
GBytes *
wt_maildir_to_wire (const guint8 *bytes, gsize n_bytes, gsize expected)
{
  gsize room = MIN (expected, 2 * n_bytes) + 1, size; /* one more: the last line's CR may be in the file */
  guint8 *lines = g_malloc (room);
  if (!write_wire (lines, room, bytes, n_bytes, &size))
    {
      room = wt_maildir_wire_size (bytes, n_bytes) + 1;
      g_free (lines);
      lines = g_malloc (room);
      write_wire (lines, room, bytes, n_bytes, &size);
    }
  if (size + 1 < room)
    lines = g_realloc (lines, MAX (size, 1));
  return g_bytes_new_take (lines, size);
}

guint8 *
wt_maildir_from_wire (GBytes *message, gsize *n_bytes)
{
  gsize n;
  const guint8 *from = g_bytes_get_data (message, &n);
  guint8 *lines = g_malloc (n ? n : 1), *to = lines;
  const guint8 *end = from + n;
  while (from < end)
    {
      const guint8 *cr = memchr (from, '\r', end - from);
      gsize run = (cr ? cr : end) - from;
      memcpy (to, from, run);
      to += run;
      from += run;
      if (cr == NULL)
        break;
      from++;
      if (from == end || *from != '\n')
        *to++ = '\r';
    }
  *n_bytes = to - lines;
  return lines;
}
