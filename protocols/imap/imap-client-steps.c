/* What the end of a command means, and what comes next. */
#include "protocols/imap/imap-client-private.h"

#include <glib/gi18n.h>
#include <string.h>

/* Its tag is on it. */
gboolean
wt_imap_client_is_final (const WtImapClient *self, const guint8 *bytes, gsize n_bytes)
{
  WtImapScan scan = { bytes, n_bytes };
  WtImapToken tag;
  if (self->command == NULL)
    return FALSE;
  if (self->command->step == WT_IMAP_STEP_GREETING)
    return TRUE;
  g_autofree char *own = self->command->tag ? NULL : g_strdup_printf ("a%u", self->exchange);
  return wt_imap_scan_next (&scan, &tag) && wt_imap_token_is (&scan, &tag, own ? own : self->command->tag);
}

/* --- what succeeds --------------------------------------------------------------------------------------------------
 */

static gint
by_uid (gconstpointer a, gconstpointer b)
{
  guint32 x = ((const WtImapClientMail *)a)->uid, y = ((const WtImapClientMail *)b)->uid;
  return x < y ? -1 : x > y;
}

static void
tell_listed (WtImapClient *self)
{
  WtImapClientEvent event = { .type = WT_IMAP_CLIENT_LISTED,
                              .folder = self->selected,
                              .uid_validity = self->uid_validity };
  GArray *mails = g_array_new (FALSE, FALSE, sizeof (WtImapClientMail));
  for (guint i = 0; i < self->mails->len; i++)
    if (g_array_index (self->mails, WtImapClientMail, i).uid != 0)
      g_array_append_val (mails, g_array_index (self->mails, WtImapClientMail, i));
  g_array_sort (mails, by_uid);
  self->listed = TRUE;
  self->news = FALSE;
  wt_imap_client_push (self, &event, mails);
}

static void
capability_over (WtImapClient *self, WtImapCommand *command)
{
  self->known = TRUE; /* as far as it will be */
  wt_imap_client_prepare (self);
}

static void
starttls_over (WtImapClient *self, WtImapCommand *command)
{
  wt_imap_client_begin_tls (self);
}

/* Of LOGIN, AUTHENTICATE, ENABLE. */
static void
prepared (WtImapClient *self, WtImapCommand *command)
{
  wt_imap_client_prepare (self);
}

/* The request ends with the list. */
static void
select_over (WtImapClient *self, WtImapCommand *command)
{
  g_free (self->selected);
  self->selected = g_strdup (command->folder);
  if (self->mails->len == 0)
    {
      tell_listed (self);
      return;
    }
  WtImapCommand *list = wt_imap_client_need (self, WT_IMAP_STEP_LIST);
  list->set = g_strdup ("1:*");
  list->folder = g_strdup (command->folder);
  list->request = command->request;
  list->last = command->last;
  command->last = FALSE;
}

static void
list_over (WtImapClient *self, WtImapCommand *command)
{
  tell_listed (self);
}

static void
news_over (WtImapClient *self, WtImapCommand *command)
{
  WtImapClientEvent event = { .type = WT_IMAP_CLIENT_ARRIVED,
                              .folder = self->selected,
                              .uid_validity = self->uid_validity };
  GArray *mails = g_steal_pointer (&self->arrived);
  self->arrived = g_array_new (FALSE, FALSE, sizeof (WtImapClientMail));
  g_array_sort (mails, by_uid);
  if (mails->len > 0)
    wt_imap_client_push (self, &event, mails);
  else
    g_array_unref (mails);
}

static void
folders_over (WtImapClient *self, WtImapCommand *command)
{
  wt_imap_client_push_folders (self);
}

static void
logout_over (WtImapClient *self, WtImapCommand *command)
{
  static const WtImapClientEvent done = { .type = WT_IMAP_CLIENT_DONE };
  wt_imap_client_push (self, &done, NULL);
  wt_imap_client_close_now (self);
}

static const struct
{
  const char *input; /* (nullable) of the state table */
  void (*succeeded) (WtImapClient *self, WtImapCommand *command);
  gboolean vital; /* without it the session cannot go on, unless it was a request */
} steps[WT_IMAP_N_STEPS] = {
  [WT_IMAP_STEP_CAPABILITY] = { "CAPABILITY", capability_over, TRUE },
  [WT_IMAP_STEP_STARTTLS] = { "STARTTLS", starttls_over, FALSE },
  [WT_IMAP_STEP_AUTHENTICATE] = { "AUTHENTICATE", prepared, TRUE },
  [WT_IMAP_STEP_LOGIN] = { "LOGIN", prepared, TRUE },
  [WT_IMAP_STEP_ENABLE] = { "ENABLE", prepared, FALSE },
  [WT_IMAP_STEP_SELECT] = { "SELECT", select_over, TRUE },
  [WT_IMAP_STEP_LIST] = { NULL, list_over, TRUE },
  [WT_IMAP_STEP_NEWS] = { NULL, news_over, FALSE },
  [WT_IMAP_STEP_FOLDERS] = { NULL, folders_over, FALSE },
  [WT_IMAP_STEP_LOGOUT] = { "LOGOUT", logout_over, TRUE },
};

/* --- the end of a command -------------------------------------------------------------------------------------------
 */

static void
drop_rest_of (WtImapClient *self, GQueue *queue, guint request)
{
  for (GList *link = queue->head, *next; link; link = next)
    {
      WtImapCommand *command = link->data;
      next = link->next;
      if (command->request != request)
        continue;
      wt_imap_command_free (command);
      g_queue_delete_link (queue, link);
    }
}

static void
tell_result (WtImapClient *self, const WtImapCommand *command, gboolean ok, const char *text)
{
  WtImapClientEvent event = { .type = WT_IMAP_CLIENT_RESULT,
                              .request = command->request,
                              .ok = ok,
                              .text = text,
                              .folder = command->folder,
                              .uid = command->step == WT_IMAP_STEP_APPEND ? self->appended : 0 };
  drop_rest_of (self, &self->own, command->request);
  drop_rest_of (self, &self->asked, command->request);
  wt_imap_client_push (self, &event, NULL);
}

/* Makes the folder, and does it again: once. */
static void
create_and_repeat (WtImapClient *self, WtImapCommand *command)
{
  WtImapCommand *create = wt_imap_client_need (self, WT_IMAP_STEP_CREATE);
  create->request = command->request;
  create->folder = g_strdup (command->folder);
  command->created = TRUE;
  g_queue_push_tail (&self->own, command);
}

static void
refused (WtImapClient *self, WtImapCommand *command, const char *text)
{
  if (command->step == WT_IMAP_STEP_SELECT)
    wt_imap_client_move_state (self, "mailbox cannot be opened");
  if (command->step == WT_IMAP_STEP_STARTTLS)
    wt_imap_client_tls_refused (self, text);
  else if (command->step == WT_IMAP_STEP_ENABLE)
    wt_imap_client_prepare (self);
  else if (command->request == 0 && steps[command->step].vital)
    wt_imap_client_fail (self, text);
}

void
wt_imap_client_command_over (WtImapClient *self, gboolean ok, const char *text)
{
  WtImapCommand *command = g_steal_pointer (&self->command);
  self->idling = FALSE;
  if (command->step == WT_IMAP_STEP_AUTHENTICATE && (self->auth_cancelled || (ok && !wt_imap_client_is_proved (self))))
    {
      ok = FALSE;
      text = N_ ("The server's side of the authentication is wrong");
    }
  if (!ok && self->try_create && command->folder && !command->created && command->request != 0)
    {
      create_and_repeat (self, command);
      return;
    }
  if (command->step == WT_IMAP_STEP_TYPED)
    wt_imap_client_typed_over (self, command, ok);
  else if (ok)
    {
      wt_imap_client_move_state (self, steps[command->step].input);
      if (steps[command->step].succeeded)
        steps[command->step].succeeded (self, command);
    }
  else if (command->step == WT_IMAP_STEP_IDLE)
    self->config.use &= ~WT_IMAP_EXT_IDLE; /* it says no in spite of what it offers: NOOP will do */
  else
    refused (self, command, text);
  if (command->request != 0 && (command->last || !ok) && !self->closed)
    tell_result (self, command, ok, text);
  wt_imap_command_free (command);
}

/* New mails are known by number only: their UIDs are asked for. */
static void
ask_for_news (WtImapClient *self)
{
  guint32 highest = 0;
  if (!self->news || !self->listed || self->manual || self->closed
      || (self->command && self->command->step != WT_IMAP_STEP_IDLE))
    return;
  for (guint i = 0; i < self->mails->len; i++)
    highest = MAX (highest, g_array_index (self->mails, WtImapClientMail, i).uid);
  self->news = FALSE;
  self->news_from = highest + 1;
  g_array_set_size (self->arrived, 0);
  wt_imap_client_need (self, WT_IMAP_STEP_NEWS)->set = g_strdup_printf ("%u:*", self->news_from);
}

/* --- responses ------------------------------------------------------------------------------------------------------
 */

/* "+": the server is ready for more. */
static void
take_continue (WtImapClient *self, const WtImapScan *scan)
{
  gsize end = wt_imap_line_end (scan->bytes, scan->n_bytes, scan->at), start = MIN (scan->at + 1, end);
  WtImapStep step = wt_imap_client_step (self);
  if (step == WT_IMAP_STEP_TYPED)
    wt_imap_client_typed_continue (self);
  else if (step == WT_IMAP_STEP_AUTHENTICATE && !self->auth_cancelled)
    wt_imap_client_take_challenge (self, (const char *)scan->bytes + start, end - start);
  else if (step == WT_IMAP_STEP_IDLE && !self->idling)
    self->idling = TRUE;
  else if (self->parts && self->n_sent < self->parts->len && self->command)
    wt_imap_client_send_part (self);
  else
    wt_imap_client_fail (self, N_ ("Server sent what is no IMAP response"));
}

static void
take_tagged (WtImapClient *self, WtImapScan *scan)
{
  WtImapToken word;
  gboolean ok = wt_imap_scan_next (scan, &word) && wt_imap_token_is (scan, &word, "OK");
  g_autofree char *text = wt_imap_client_status_text (scan);
  wt_imap_client_read_code (self, *scan);
  wt_imap_client_command_over (self, ok, text);
}

void
wt_imap_client_response (WtImapClient *self, const guint8 *bytes, gsize n_bytes)
{
  WtImapScan scan = { bytes, n_bytes };
  WtImapToken tag;
  gboolean final = wt_imap_client_is_final (self, bytes, n_bytes);
  if (final && wt_imap_client_step (self) == WT_IMAP_STEP_GREETING)
    wt_imap_client_greeted (self, &scan);
  else if (!wt_imap_scan_next (&scan, &tag))
    wt_imap_client_fail (self, N_ ("Server sent what is no IMAP response"));
  else if (final)
    take_tagged (self, &scan);
  else if (wt_imap_token_is (&scan, &tag, "*"))
    wt_imap_client_take_untagged (self, &scan);
  else if (wt_imap_token_is (&scan, &tag, "+"))
    take_continue (self, &scan);
  else
    wt_imap_client_fail (self, N_ ("Server sent what is no IMAP response"));
  ask_for_news (self);
}
