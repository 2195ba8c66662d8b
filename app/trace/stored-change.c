/* What changed in a mailbox, in words. */
#include "app/trace/event-view.h"
#include "app/trace/stored-mail.h"

#include <glib/gi18n.h>
#include <string.h>

const WtEntity *
wt_stored_change_by (WtTrace *trace, const WtEvent *event)
{
  return event->kind == WT_EVENT_STORE ? wt_trace_entity (trace, event->seq) : NULL;
}

/* The last event of that kind of change before event n, of the same mail. (nullable) */
static const WtEvent *
change_before (WtTrace *trace, guint32 item, WtStoreChange change, guint32 n)
{
  for (guint32 i = wt_trace_history_before (trace, item, n); i-- > 0;)
    {
      const WtEvent *event = wt_trace_event (trace, wt_trace_history_nth (trace, item, i));
      if (event->kind == WT_EVENT_STORE && event->value == change)
        return event;
    }
  return NULL;
}

/* --- flags -------------------------------------------------------------------------------------------------------- */

static char **
words_of (const WtEvent *event)
{
  gsize n_bytes = 0;
  const char *bytes = event ? (const char *)wt_event_bytes (event, &n_bytes) : NULL;
  g_autofree char *text = g_utf8_make_valid (bytes ? bytes : "", n_bytes);
  return g_strsplit (text, " ", -1);
}

/* The words of `a` that `b` has not. "": none. (transfer full) */
static char *
words_without (char **a, char **b)
{
  GString *words = g_string_new (NULL);
  for (; *a; a++)
    if (**a && !g_strv_contains ((const char *const *)b, *a))
      g_string_append_printf (words, "%s%s", words->len ? ", " : "", *a);
  return g_string_free (words, FALSE);
}

static char *
flags_change (WtTrace *trace, guint32 n, const WtEvent *event)
{
  g_auto (GStrv) now = words_of (event);
  g_auto (GStrv) before = words_of (change_before (trace, event->entity, WT_STORE_CHANGED, n));
  g_autofree char *set = words_without (now, before), *removed = words_without (before, now);
  if (event->context == WT_STORE_NUMBERED)
    return g_strdup_printf (_("gets UID %u"), event->ack);
  if (*set && *removed)
    /* Translators: flags of a mail, as in "\Seen set, \Flagged removed". */
    return g_strdup_printf (_("%s set, %s removed"), set, removed);
  if (*set)
    return g_strdup_printf (_("%s set"), set);
  return *removed ? g_strdup_printf (_("%s removed"), removed) : g_strdup (_("flags as before"));
}

/* --- mails -------------------------------------------------------------------------------------------------------- */

/* The folder of a mail at event n. (transfer full) */
static char *
folder_of (WtTrace *trace, guint32 item, guint32 n)
{
  const WtEntity *mail = wt_trace_entity (trace, item);
  g_autofree char *name = wt_stored_box_name (trace, mail ? mail->parent : 0, n);
  return g_strdup (wt_stored_box_folder (name));
}

/* The folder that a mail was copied from, or has moved to. (transfer full) (nullable) */
static char *
other_folder (WtTrace *trace, const WtEvent *event)
{
  guint32 n = event->ref;
  if (n >= wt_trace_length (trace) || wt_trace_event (trace, n)->kind != WT_EVENT_STORE)
    return NULL;
  return folder_of (trace, wt_trace_event (trace, n)->entity, n);
}

static char *
added (WtTrace *trace, const WtEvent *event)
{
  g_autofree char *from = other_folder (trace, event);
  switch ((WtStoreHow)event->context)
    {
    case WT_STORE_DELIVERED:
      return g_strdup (_("delivered"));
    case WT_STORE_APPENDED:
      return g_strdup (_("appended"));
    case WT_STORE_COPIED:
      return from ? g_strdup_printf (_("copied from %s"), from) : g_strdup (_("copied"));
    case WT_STORE_MOVED:
      return from ? g_strdup_printf (_("moved from %s"), from) : g_strdup (_("moved here"));
    case WT_STORE_FETCHED:
      return g_strdup (_("fetched"));
    case WT_STORE_SOMEHOW:
    case WT_STORE_NUMBERED:
    case WT_STORE_WITH_FOLDER:
    default:
      return g_strdup (_("new"));
    }
}

static char *
removed (WtTrace *trace, const WtEvent *event)
{
  g_autofree char *to = event->context == WT_STORE_MOVED ? other_folder (trace, event) : NULL;
  const WtEntity *by = wt_stored_change_by (trace, event);
  if (event->context == WT_STORE_MOVED)
    return to ? g_strdup_printf (_("moved to %s"), to) : g_strdup (_("moved away"));
  if (event->context == WT_STORE_WITH_FOLDER)
    return g_strdup (_("removed with its folder"));
  return g_strdup (by && by->protocol == WT_PROTOCOL_IMAP ? _("expunged") : _("removed"));
}

static char *
folder_change (WtTrace *trace, guint32 n, const WtEvent *event)
{
  if (event->value == WT_STORE_ADDED)
    return g_strdup (_("folder created"));
  if (event->value == WT_STORE_REMOVED)
    return g_strdup (_("folder deleted"));
  g_autofree char *name = wt_stored_box_name (trace, event->entity, n + 1);
  return g_strdup_printf (_("folder renamed to %s"), wt_stored_box_folder (name));
}

/* Text of the event, or "". (transfer full) */
static char *
text_of (const WtEvent *event)
{
  gsize n_bytes;
  const char *bytes = (const char *)wt_event_bytes (event, &n_bytes);
  return event->value == WT_STORE_CHANGED && bytes ? g_utf8_make_valid (bytes, n_bytes) : g_strdup ("");
}

static char *
queue_change (const WtEvent *event)
{
  if (event->value == WT_STORE_ADDED)
    return g_strdup (_("queued"));
  if (event->value == WT_STORE_REMOVED)
    return g_strdup (_("leaves the queue"));
  g_autofree char *reason = text_of (event);
  return g_strdup_printf (_("waits: %s"), reason);
}

char *
wt_stored_change (WtTrace *trace, guint32 n)
{
  const WtEvent *event = wt_trace_event (trace, n);
  const WtEntity *entity = wt_trace_entity (trace, event->entity);
  const WtEntity *place = entity ? wt_trace_entity (trace, entity->parent) : NULL;
  if (entity && entity->kind == WT_ENTITY_MAILBOX)
    return folder_change (trace, n, event);
  if (place && place->kind == WT_ENTITY_QUEUE)
    return queue_change (event);
  if (event->value == WT_STORE_ADDED)
    return added (trace, event);
  return event->value == WT_STORE_REMOVED ? removed (trace, event) : flags_change (trace, n, event);
}

/* --- lines -------------------------------------------------------------------------------------------------------- */

static char *
mailbox_summary (WtTrace *trace, guint32 n, const WtEvent *event, const char *item, guint32 box)
{
  g_autofree char *name = wt_stored_box_name (trace, box, n), *change = wt_stored_change (trace, n);
  const WtEntity *by = wt_stored_change_by (trace, event);
  const WtEntity *client = by ? wt_trace_entity (trace, by->client) : NULL;
  g_autofree char *what = item ? g_strdup_printf (_("mail %s in mailbox %s: %s"), item, name, change)
                               : g_strdup_printf (_("mailbox %s: %s"), name, change);
  return client ? g_strdup_printf (_("%s, by %s"), what, client->name) : g_steal_pointer (&what);
}

static char *
queue_summary (WtStoreChange change, const char *item, const char *node, const char *reason)
{
  if (change == WT_STORE_ADDED)
    return g_strdup_printf (_("mail %s queued on %s"), item, node);
  if (change == WT_STORE_REMOVED)
    return g_strdup_printf (_("mail %s leaves the queue of %s"), item, node);
  return g_strdup_printf (_("mail %s waits in the queue of %s: %s"), item, node, reason);
}

static char *
other_summary (WtStoreChange change, const char *item, const char *text)
{
  if (change == WT_STORE_ADDED)
    return g_strdup_printf (_("%s is new"), item);
  if (change == WT_STORE_REMOVED)
    return g_strdup_printf (_("%s is gone"), item);
  return g_strdup_printf (_("%s is now %s"), item, text);
}

char *
wt_stored_change_summary (WtTrace *trace, guint32 n)
{
  const WtEvent *event = wt_trace_event (trace, n);
  const WtEntity *item = wt_trace_entity (trace, event->entity);
  const WtEntity *place = item ? wt_trace_entity (trace, item->parent) : NULL;
  const WtEntity *node = place ? wt_trace_entity (trace, place->parent) : NULL;
  g_autofree char *text = text_of (event);
  const char *name = item ? item->name : _("unknown");
  if (item && item->kind == WT_ENTITY_MAILBOX)
    return mailbox_summary (trace, n, event, NULL, item->id);
  if (place && place->kind == WT_ENTITY_MAILBOX)
    return mailbox_summary (trace, n, event, name, place->id);
  if (place && place->kind == WT_ENTITY_QUEUE)
    return queue_summary (event->value, name, node && *node->name ? node->name : _("unknown"), text);
  return other_summary (event->value, name, text);
}
