#include "app/trace/stored-mail.h"

#include <string.h>

#define INBOX "INBOX"

const char *const wt_stored_flag_names[WT_STORED_N_FLAGS] = { "\\Seen", "\\Answered", "\\Flagged", "\\Deleted",
                                                              "\\Draft" };

/* --- boxes -------------------------------------------------------------------------------------------------------- */

/* A user's inbox is there from the start; a folder from the event on that tells of its making. */
static gboolean
will_be_made (WtTrace *trace, guint32 box)
{
  const WtEvent *first = wt_trace_history_length (trace, box)
                             ? wt_trace_event (trace, wt_trace_history_nth (trace, box, 0)) : NULL;
  return first && first->kind == WT_EVENT_STORE && first->value == WT_STORE_ADDED;
}

gboolean
wt_stored_box_present (WtTrace *trace, guint32 box, guint32 n)
{
  const WtEntity *entity = wt_trace_entity (trace, box);
  const WtEvent *last = wt_trace_last (trace, box, WT_EVENT_STORE, n);
  if (last)
    return last->value != WT_STORE_REMOVED;
  return entity && entity->born <= n && !will_be_made (trace, box);
}

char *
wt_stored_box_name (WtTrace *trace, guint32 box, guint32 n)
{
  const WtEntity *entity = wt_trace_entity (trace, box);
  for (guint32 i = wt_trace_history_before (trace, box, n); i-- > 0;)
    {
      const WtEvent *event = wt_trace_event (trace, wt_trace_history_nth (trace, box, i));
      gsize n_bytes;
      const char *bytes = (const char *)wt_event_bytes (event, &n_bytes);
      if (event->kind == WT_EVENT_STORE && event->value == WT_STORE_CHANGED)
        return g_utf8_make_valid (bytes, n_bytes);
    }
  return g_strdup (entity ? entity->name : "");
}

char *
wt_stored_box_user (const char *name)
{
  return g_strndup (name, strcspn (name, "/"));
}

const char *
wt_stored_box_folder (const char *name)
{
  const char *slash = strchr (name, '/');
  return slash ? slash + 1 : INBOX;
}

/* --- mails -------------------------------------------------------------------------------------------------------- */

guint32
wt_stored_mail_arrival (WtTrace *trace, guint32 item, guint32 n)
{
  for (guint32 i = wt_trace_history_before (trace, item, n); i-- > 0;)
    {
      guint32 at = wt_trace_history_nth (trace, item, i);
      const WtEvent *event = wt_trace_event (trace, at);
      if (event->kind == WT_EVENT_STORE && event->value == WT_STORE_ADDED)
        return at;
    }
  return WT_EVENT_NO_REF;
}

static guint
flag_of (const char *word)
{
  for (guint i = 0; i < WT_STORED_N_FLAGS; i++)
    if (g_ascii_strcasecmp (word, wt_stored_flag_names[i]) == 0)
      return 1u << i;
  return 0;
}

static void
add_word (GString *words, const char *word)
{
  if (words->len > 0)
    g_string_append_c (words, ' ');
  g_string_append (words, word);
}

/* Words of a CHANGED event of a mail in a mailbox. (transfer full) */
static char **
flag_words (const WtEvent *event)
{
  gsize n_bytes;
  const char *bytes = (const char *)wt_event_bytes (event, &n_bytes);
  g_autofree char *text = g_utf8_make_valid (bytes, n_bytes);
  return g_strsplit (text, " ", -1);
}

static void
read_flags (const WtEvent *event, WtStoredMail *mail)
{
  g_auto (GStrv) words = flag_words (event);
  g_autoptr (GString) keywords = g_string_new (NULL);
  for (char **word = words; *word; word++)
    {
      guint flag = flag_of (*word);
      mail->flags |= flag;
      if (flag == 0 && **word)
        add_word (keywords, *word);
    }
  if (keywords->len > 0)
    mail->keywords = g_string_free (g_steal_pointer (&keywords), FALSE);
}

gboolean
wt_stored_mail_at (WtTrace *trace, guint32 item, guint32 n, WtStoredMail *mail)
{
  guint32 count = wt_trace_history_before (trace, item, n);
  const WtEvent *flags = NULL;
  *mail = (WtStoredMail){ .came = WT_EVENT_NO_REF, .changed = WT_EVENT_NO_REF };
  if (count == 0 || !wt_trace_item_present (trace, item, n))
    return FALSE;
  mail->changed = wt_trace_history_nth (trace, item, count - 1);
  mail->uid = wt_trace_event (trace, mail->changed)->ack;
  for (guint32 i = count; i-- > 0 && mail->came == WT_EVENT_NO_REF;)
    {
      guint32 at = wt_trace_history_nth (trace, item, i);
      const WtEvent *event = wt_trace_event (trace, at);
      if (event->kind == WT_EVENT_STORE && event->value == WT_STORE_CHANGED && flags == NULL)
        flags = event;
      else if (event->kind == WT_EVENT_STORE && event->value == WT_STORE_ADDED)
        mail->came = at;
    }
  if (flags)
    read_flags (flags, mail);
  return TRUE;
}

void
wt_stored_mail_clear (WtStoredMail *self)
{
  g_clear_pointer (&self->keywords, g_free);
}
