/* The TRANSACTION state (RFC 1939 5, 7): STAT, LIST, UIDL, RETR, TOP, DELE, RSET, NOOP; and QUIT (RFC 1939 4, 6). */
#include "protocols/pop3/pop3-server-private.h"

#include "protocols/base/dot-text.h"

#include <string.h>

static WtPop3ServerMail *
mail_at (WtPop3Server *self, guint i)
{
  return &g_array_index (self->mails, WtPop3ServerMail, i);
}

/* A decimal number. FALSE: it is none, or far too large. */
static gboolean
parse_number (const WtPop3Argument *argument, guint *number)
{
  guint64 value = 0;
  if (argument->length == 0 || argument->length > 10)
    return FALSE;
  for (gsize i = 0; i < argument->length; i++)
    {
      if (!g_ascii_isdigit (argument->text[i]))
        return FALSE;
      value = value * 10 + (argument->text[i] - '0');
    }
  *number = MIN (value, G_MAXUINT - 1);
  return TRUE;
}

/* The message that a command names, from 0. FALSE: there is none, and the client has been told. */
static gboolean
find_mail (WtPop3Server *self, const WtPop3Argument *argument, guint *i)
{
  guint number;
  if (!parse_number (argument, &number))
    wt_pop3_server_bad (self, "A message number is due here");
  else if (number == 0 || number > self->mails->len)
    wt_pop3_server_err (self, NULL, "There is no such message");
  else if (mail_at (self, number - 1)->deleted)
    wt_pop3_server_err (self, NULL, "This message is deleted");
  else
    {
      *i = number - 1;
      return TRUE;
    }
  return FALSE;
}

/* --- what there is ------------------------------------------------------------------------------------------------ */

static guint64
total_size (WtPop3Server *self)
{
  guint64 size = 0;
  for (guint i = 0; i < self->mails->len; i++)
    size += mail_at (self, i)->deleted ? 0 : mail_at (self, i)->size;
  return size;
}

void
wt_pop3_cmd_stat (WtPop3Server *self, const WtPop3Argument *arguments, guint n_arguments)
{
  wt_pop3_server_ok (self, "%u %" G_GUINT64_FORMAT, self->mails->len - self->n_deleted, total_size (self));
}

static void
list_all (WtPop3Server *self, gboolean uids)
{
  guint n = self->mails->len - self->n_deleted;
  g_autoptr (GString) text = g_string_sized_new (64 + n * (uids ? 40 : 16));
  g_string_printf (text, "+OK %u message%s (%" G_GUINT64_FORMAT " octets)\r\n", n, n == 1 ? "" : "s",
                   total_size (self));
  for (guint i = 0; i < self->mails->len; i++)
    {
      const WtPop3ServerMail *mail = mail_at (self, i);
      if (mail->deleted)
        continue;
      if (uids)
        g_string_append_printf (text, "%u %s\r\n", i + 1, mail->uid);
      else
        g_string_append_printf (text, "%u %" G_GUINT64_FORMAT "\r\n", i + 1, mail->size);
    }
  g_string_append (text, ".\r\n");
  wt_pop3_server_send (self, g_bytes_new (text->str, text->len), uids ? WT_POP3_CONTEXT_UIDL : WT_POP3_CONTEXT_LIST);
}

void
wt_pop3_cmd_list (WtPop3Server *self, const WtPop3Argument *arguments, guint n_arguments)
{
  guint i;
  if (n_arguments == 0)
    list_all (self, FALSE);
  else if (find_mail (self, &arguments[0], &i))
    wt_pop3_server_ok (self, "%u %" G_GUINT64_FORMAT, i + 1, mail_at (self, i)->size);
}

void
wt_pop3_cmd_uidl (WtPop3Server *self, const WtPop3Argument *arguments, guint n_arguments)
{
  guint i;
  if (n_arguments == 0)
    list_all (self, TRUE);
  else if (find_mail (self, &arguments[0], &i))
    wt_pop3_server_ok (self, "%u %s", i + 1, mail_at (self, i)->uid);
}

/* --- the messages ------------------------------------------------------------------------------------------------- */

/* How many bytes TOP sends: the header, the empty line, and so many lines of the body (RFC 1939 7). */
static gsize
top_length (const guint8 *bytes, gsize n_bytes, guint lines)
{
  const guint8 *blank = n_bytes >= 2 && memcmp (bytes, "\r\n", 2) == 0 ? bytes : memmem (bytes, n_bytes, "\r\n\r\n", 4);
  gsize at = blank == NULL ? n_bytes : blank == bytes && bytes[0] == '\r' ? 2 : (gsize) (blank - bytes) + 4;
  for (; lines > 0 && at < n_bytes; lines--)
    {
      const guint8 *end = memmem (bytes + at, n_bytes - at, "\r\n", 2);
      at = end ? (gsize) (end - bytes) + 2 : n_bytes;
    }
  return at;
}

static void
message_answered (WtPop3Server *self, const WtPop3Answer *answer)
{
  gsize size;
  if (answer->verdict != WT_POP3_OK || answer->message == NULL)
    {
      wt_pop3_server_err (self, answer->code, answer->text ? answer->text : "The message cannot be read");
      return;
    }
  const guint8 *bytes = g_bytes_get_data (answer->message, &size);
  gboolean whole = self->lines_wanted == G_MAXUINT;
  gsize length = whole ? size : top_length (bytes, size, self->lines_wanted);
  char first[64];
  int n_first = whole ? g_snprintf (first, sizeof first, "+OK %" G_GSIZE_FORMAT " octets\r\n", size)
                      : g_snprintf (first, sizeof first, "+OK Top of the message follows\r\n");
  wt_pop3_server_send (self, wt_dot_text_stuff_after (first, n_first, bytes, length), WT_CONTEXT_CONTENT);
}

static void
ask_message (WtPop3Server *self, guint i, guint lines)
{
  WtPop3ServerEvent event = { .ask = WT_POP3_ASK_MESSAGE, .mail = i, .lines = lines };
  self->lines_wanted = lines;
  wt_pop3_server_ask (self, &event, NULL, message_answered);
}

void
wt_pop3_cmd_retr (WtPop3Server *self, const WtPop3Argument *arguments, guint n_arguments)
{
  guint i;
  if (find_mail (self, &arguments[0], &i))
    ask_message (self, i, G_MAXUINT);
}

void
wt_pop3_cmd_top (WtPop3Server *self, const WtPop3Argument *arguments, guint n_arguments)
{
  guint i, lines;
  if (!parse_number (&arguments[1], &lines))
    wt_pop3_server_bad (self, "A number of lines is due here");
  else if (find_mail (self, &arguments[0], &i))
    ask_message (self, i, lines);
}

void
wt_pop3_cmd_dele (WtPop3Server *self, const WtPop3Argument *arguments, guint n_arguments)
{
  guint i;
  if (!find_mail (self, &arguments[0], &i))
    return;
  mail_at (self, i)->deleted = TRUE;
  self->n_deleted++;
  wt_pop3_server_ok (self, "Message %u will be deleted at QUIT", i + 1);
}

void
wt_pop3_cmd_rset (WtPop3Server *self, const WtPop3Argument *arguments, guint n_arguments)
{
  for (guint i = 0; i < self->mails->len; i++)
    mail_at (self, i)->deleted = FALSE;
  self->n_deleted = 0;
  wt_pop3_server_ok (self, "Nothing will be deleted");
}

void
wt_pop3_cmd_noop (WtPop3Server *self, const WtPop3Argument *arguments, guint n_arguments)
{
  wt_pop3_server_ok (self, NULL);
}

/* --- the end ------------------------------------------------------------------------------------------------------ */

static void
update_answered (WtPop3Server *self, const WtPop3Answer *answer)
{
  gboolean updated = answer->verdict == WT_POP3_OK;
  if (updated)
    wt_pop3_server_ok (self, "%u message%s deleted, goodbye", self->n_deleted, self->n_deleted == 1 ? "" : "s");
  else
    wt_pop3_server_err (self, answer->code, answer->text ? answer->text : "Some deleted messages were not removed");
  wt_pop3_server_move (self, updated ? "maildrop updated" : "update failed");
  wt_pop3_server_close (self);
}

void
wt_pop3_cmd_quit (WtPop3Server *self, const WtPop3Argument *arguments, guint n_arguments)
{
  gboolean update = self->state == WT_POP3_STATE_TRANSACTION;
  wt_pop3_server_move (self, "QUIT");
  if (!update)
    {
      wt_pop3_server_ok (self, "Goodbye");
      wt_pop3_server_close (self);
      return;
    }
  WtPop3ServerEvent event = { .ask = WT_POP3_ASK_UPDATE };
  wt_pop3_server_ask (self, &event, NULL, update_answered);
}
