/* What the client has to tell its owner, in order, with what it points to. */
#include "protocols/imap/imap-client-private.h"

static void
queued_event_free (gpointer data)
{
  WtImapClientQueuedEvent *queued = data;
  g_clear_pointer (&queued->bytes, g_bytes_unref);
  g_clear_pointer (&queued->mails, g_array_unref);
  g_clear_pointer (&queued->folders, g_array_unref);
  g_free (queued->status);
  g_free (queued->text);
  g_free (queued->folder);
  g_free (queued);
}

static WtImapClientQueuedEvent *
queue_event (WtImapClient *self, const WtImapClientEvent *event)
{
  WtImapClientQueuedEvent *queued = g_new0 (WtImapClientQueuedEvent, 1);
  queued->event = *event;
  queued->event.bytes = queued->bytes = event->bytes ? g_bytes_ref (event->bytes) : NULL;
  queued->event.text = queued->text = g_strdup (event->text);
  queued->event.folder = queued->folder = g_strdup (event->folder);
  g_queue_push_tail (&self->events, queued);
  return queued;
}

void
wt_imap_client_push (WtImapClient *self, const WtImapClientEvent *event, GArray *mails)
{
  WtImapClientQueuedEvent *queued = queue_event (self, event);
  queued->mails = mails;
  queued->event.mails = mails ? (const WtImapClientMail *)(gpointer)mails->data : NULL;
  queued->event.n_mails = mails ? mails->len : 0;
  queued->status = event->status ? g_memdup2 (event->status, sizeof *event->status) : NULL;
  queued->event.status = queued->status;
}

void
wt_imap_client_push_folders (WtImapClient *self)
{
  WtImapClientEvent event = { .type = WT_IMAP_CLIENT_FOLDERS, .separator = self->separator };
  WtImapClientQueuedEvent *queued = queue_event (self, &event);
  queued->folders = g_array_ref (self->folders);
  queued->event.folders = (const WtImapFolder *)(gpointer)self->folders->data;
  queued->event.n_folders = self->folders->len;
}

gboolean
wt_imap_client_next (WtImapClient *self, WtImapClientEvent *event)
{
  g_clear_pointer (&self->current, queued_event_free);
  if (self->events.length == 0)
    wt_imap_client_rest (self);
  self->current = g_queue_pop_head (&self->events);
  if (self->current)
    *event = self->current->event;
  return self->current != NULL;
}

void
wt_imap_client_clear_events (WtImapClient *self)
{
  g_clear_pointer (&self->current, queued_event_free);
  g_queue_clear_full (&self->events, queued_event_free);
}
