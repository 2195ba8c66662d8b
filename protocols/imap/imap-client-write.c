/* How the client's commands look (RFC 9051 6, 9). A literal that has to wait for the server's "+" parts a command. */
#include "protocols/imap/imap-client-private.h"

#include "protocols/imap/imap-reply.h"

#include <string.h>

#define LITERAL_MINUS_MAX 4096 /* bytes that go without waiting where LITERAL- is all that is offered, RFC 7888 5 */

typedef struct
{
  WtImapClient *client;
  GPtrArray *parts; /* (element-type GBytes) */
  GByteArray *part; /* the one at hand */
} Writer;

static void
put_literal (Writer *self, const guint8 *bytes, gsize n_bytes, gboolean binary)
{
  WtImapClient *client = self->client;
  gboolean at_once = wt_imap_client_may_use (client, WT_IMAP_EXT_LITERAL_PLUS)
                     || (n_bytes <= LITERAL_MINUS_MAX && wt_imap_client_may_use (client, WT_IMAP_EXT_LITERAL_MINUS));
  wt_imap_putf (self->part, "%s{%" G_GSIZE_FORMAT "%s}\r\n", binary ? "~" : "", n_bytes, at_once ? "+" : "");
  if (!at_once)
    {
      g_ptr_array_add (self->parts, g_byte_array_free_to_bytes (self->part));
      self->part = g_byte_array_new ();
    }
  g_byte_array_append (self->part, bytes, n_bytes);
}

/* Quoted where it can be: 7 bit, no line end (RFC 9051 9, RFC 3501 9); else a literal, which takes any bytes. */
static void
put_string (Writer *self, const char *text)
{
  gboolean quotable = TRUE;
  for (const char *at = text; *at && quotable; at++)
    quotable = (guchar)*at < 0x80 && *at != '\r' && *at != '\n';
  if (quotable)
    wt_imap_put_quoted (self->part, (const guint8 *)text, strlen (text));
  else
    put_literal (self, (const guint8 *)text, strlen (text), FALSE);
}

/* No name can end the line that it is in. */
static void
put_folder (Writer *self, const char *name)
{
  g_autofree char *clean = g_strdup (name);
  gboolean utf8 = wt_imap_client_speaks_utf8 (self->client);
  for (char *at = clean; utf8 && *at; at++)
    if ((guchar)*at < ' ')
      *at = '?';
  wt_imap_put_mailbox (self->part, clean, utf8);
}

/* --- each command ---------------------------------------------------------------------------------------------------
 */

static void
write_login (Writer *self, const WtImapCommand *command)
{
  wt_imap_put (self->part, "LOGIN ");
  put_string (self, self->client->user);
  wt_imap_put (self->part, " ");
  put_string (self, self->client->password);
}

static void
write_authenticate (Writer *self, const WtImapCommand *command)
{
  WtImapClient *client = self->client;
  gboolean at_once = wt_imap_client_may_use (client, WT_IMAP_EXT_SASL_IR); /* RFC 4959; without, the server asks for it */
  g_autofree char *initial = at_once ? wt_sasl_lines_initial (client->sasl) : NULL;
  wt_imap_putf (self->part, "AUTHENTICATE %s%s%s",
                wt_sasl_mechanism_name (wt_sasl_lines_mechanism (client->sasl)), initial ? " " : "",
                initial ? initial : "");
}

static void
write_enable (Writer *self, const WtImapCommand *command)
{
  wt_imap_put (self->part, "ENABLE");
  for (guint i = 0; i < WT_IMAP_N_EXTENSIONS; i++)
    if (command->flags & 1u << i)
      wt_imap_putf (self->part, " %s", wt_imap_extension_names[i]);
}

/* Attributes of special use come with LIST where the server has them; who can be asked for them is asked (RFC 6154 5.1). */
static void
write_folders (Writer *self, const WtImapCommand *command)
{
  wt_imap_put (self->part, "LIST \"\" *");
  if (!wt_imap_client_may_use (self->client, WT_IMAP_EXT_LIST_EXTENDED))
    return;
  wt_imap_put (self->part, " RETURN (SUBSCRIBED CHILDREN");
  if (wt_imap_client_may_use (self->client, WT_IMAP_EXT_SPECIAL_USE))
    wt_imap_put (self->part, " SPECIAL-USE");
  wt_imap_put (self->part, ")");
}

static void
write_status (Writer *self, const WtImapCommand *command)
{
  wt_imap_put (self->part, "STATUS ");
  put_folder (self, command->folder);
  wt_imap_put (self->part, " (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)");
}

static void
write_store (Writer *self, const WtImapCommand *command)
{
  static const char *const items[] = { [WT_IMAP_FLAGS_ADD] = "+FLAGS",
                                       [WT_IMAP_FLAGS_REMOVE] = "-FLAGS",
                                       [WT_IMAP_FLAGS_REPLACE] = "FLAGS" };
  wt_imap_putf (self->part, "UID STORE %s %s ", command->set, items[command->how]);
  wt_imap_put_flags (self->part, command->flags & WT_IMAP_SYSTEM_FLAGS, NULL, 0);
}

static void
write_expunge (Writer *self, const WtImapCommand *command)
{
  if (wt_imap_client_may_use (self->client, WT_IMAP_EXT_UIDPLUS))
    wt_imap_putf (self->part, "UID EXPUNGE %s", command->set);
  else
    wt_imap_put (self->part, "EXPUNGE");
}

static void
write_copy (Writer *self, const WtImapCommand *command)
{
  wt_imap_putf (self->part, "UID %s %s ", command->step == WT_IMAP_STEP_MOVE ? "MOVE" : "COPY", command->set);
  put_folder (self, command->folder);
}

static gboolean
is_ascii (const guint8 *bytes, gsize n_bytes)
{
  for (gsize i = 0; i < n_bytes; i++)
    if (bytes[i] >= 0x80)
      return FALSE;
  return TRUE;
}

static void
write_append (Writer *self, const WtImapCommand *command)
{
  gsize size;
  const guint8 *bytes = g_bytes_get_data (command->message, &size);
  gboolean binary = size > 0 && memchr (bytes, 0, size) && wt_imap_client_may_use (self->client, WT_IMAP_EXT_BINARY);
  gboolean utf8 = self->client->enabled & WT_IMAP_EXT_UTF8_ACCEPT && !is_ascii (bytes, size); /* RFC 6855 4 */
  wt_imap_put (self->part, "APPEND ");
  put_folder (self, command->folder);
  wt_imap_put (self->part, " ");
  if (command->flags & WT_IMAP_SYSTEM_FLAGS)
    {
      wt_imap_put_flags (self->part, command->flags & WT_IMAP_SYSTEM_FLAGS, NULL, 0);
      wt_imap_put (self->part, " ");
    }
  if (command->date != G_MININT64)
    {
      wt_imap_put_date_time (self->part, command->date);
      wt_imap_put (self->part, " ");
    }
  wt_imap_put (self->part, utf8 ? "UTF8 (" : "");
  put_literal (self, bytes, size, binary || utf8);
  wt_imap_put (self->part, utf8 ? ")" : "");
}

static void
write_with_folder (Writer *self, const WtImapCommand *command)
{
  wt_imap_put (self->part, command->step == WT_IMAP_STEP_SELECT ? "SELECT " : "CREATE ");
  put_folder (self, command->folder);
}

static void
write_fetch (Writer *self, const WtImapCommand *command)
{
  wt_imap_putf (self->part, "UID FETCH %s %s", command->set,
                command->step == WT_IMAP_STEP_FETCH ? "(BODY.PEEK[])" : "(FLAGS)");
}

/* What is one word or needs a function. */
static const struct
{
  const char *text;
  void (*write) (Writer *self, const WtImapCommand *command);
} commands[WT_IMAP_N_STEPS] = {
  [WT_IMAP_STEP_CAPABILITY] = { "CAPABILITY", NULL },
  [WT_IMAP_STEP_STARTTLS] = { "STARTTLS", NULL },
  [WT_IMAP_STEP_AUTHENTICATE] = { NULL, write_authenticate },
  [WT_IMAP_STEP_LOGIN] = { NULL, write_login },
  [WT_IMAP_STEP_ENABLE] = { NULL, write_enable },
  [WT_IMAP_STEP_SELECT] = { NULL, write_with_folder },
  [WT_IMAP_STEP_LIST] = { NULL, write_fetch },
  [WT_IMAP_STEP_NEWS] = { NULL, write_fetch },
  [WT_IMAP_STEP_FOLDERS] = { NULL, write_folders },
  [WT_IMAP_STEP_STATUS] = { NULL, write_status },
  [WT_IMAP_STEP_FETCH] = { NULL, write_fetch },
  [WT_IMAP_STEP_STORE] = { NULL, write_store },
  [WT_IMAP_STEP_EXPUNGE] = { NULL, write_expunge },
  [WT_IMAP_STEP_COPY] = { NULL, write_copy },
  [WT_IMAP_STEP_MOVE] = { NULL, write_copy },
  [WT_IMAP_STEP_APPEND] = { NULL, write_append },
  [WT_IMAP_STEP_CREATE] = { NULL, write_with_folder },
  [WT_IMAP_STEP_NOOP] = { "NOOP", NULL },
  [WT_IMAP_STEP_IDLE] = { "IDLE", NULL },
  [WT_IMAP_STEP_LOGOUT] = { "LOGOUT", NULL },
};

GPtrArray *
wt_imap_client_write (WtImapClient *self, const WtImapCommand *command)
{
  Writer writer = { self, g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref), g_byte_array_new () };
  wt_imap_putf (writer.part, "a%u ", self->exchange);
  if (commands[command->step].text)
    wt_imap_put (writer.part, commands[command->step].text);
  else
    commands[command->step].write (&writer, command);
  wt_imap_put (writer.part, "\r\n");
  g_ptr_array_add (writer.parts, g_byte_array_free_to_bytes (writer.part));
  return writer.parts;
}
