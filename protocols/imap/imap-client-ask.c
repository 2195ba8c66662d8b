/* What the owner asks for: each request as the commands that it takes. */
#include "protocols/imap/imap-client-private.h"

#include "protocols/imap/imap-set.h"

#include <string.h>

#define RANGES_MAX 200 /* in a set of one command: servers have limits */

static WtImapCommand *
ask (WtImapClient *self, WtImapStep step, guint request)
{
  WtImapCommand *command = g_new0 (WtImapCommand, 1);
  command->step = step;
  command->request = request;
  g_queue_push_tail (&self->asked, command);
  return command;
}

/* The last command that was asked for ends its request. */
static guint
asked (WtImapClient *self, guint request)
{
  WtImapCommand *last = g_queue_peek_tail (&self->asked);
  if (self->closed)
    g_queue_clear_full (&self->asked, wt_imap_command_free);
  else if (last)
    {
      last->last = TRUE;
      wt_imap_client_go_on (self);
    }
  return request;
}

static guint
ask_one (WtImapClient *self, WtImapStep step, const char *folder)
{
  guint request = ++self->last_request;
  ask (self, step, request)->folder = g_strdup (folder);
  return asked (self, request);
}

/* A command for these UIDs, or several where the set is long. `like`: what else is in it. */
static void
ask_for_uids (WtImapClient *self, const guint32 *uids, guint n_uids, const WtImapCommand *like)
{
  for (guint first = 0, i = 0, ranges = 0; i < n_uids; i++)
    {
      gboolean range_ends = i + 1 == n_uids || uids[i + 1] != uids[i] + 1;
      ranges += range_ends;
      if (!range_ends || (ranges % RANGES_MAX != 0 && i + 1 < n_uids))
        continue;
      GString *set = g_string_new (NULL);
      WtImapCommand *command = ask (self, like->step, like->request);
      wt_imap_set_write (set, uids + first, i + 1 - first);
      command->set = g_string_free (set, FALSE);
      command->folder = g_strdup (like->folder);
      command->how = like->how;
      command->flags = like->flags;
      first = i + 1;
    }
}

/* For no mails there is no command; the RESULT comes in its turn all the same. */
static guint
ask_uids (WtImapClient *self, const guint32 *uids, guint n_uids, const WtImapCommand *like)
{
  guint request = ++self->last_request;
  WtImapCommand command = *like;
  command.request = request;
  if (n_uids == 0)
    ask (self, WT_IMAP_STEP_CHOICE, request);
  else
    ask_for_uids (self, uids, n_uids, &command);
  return asked (self, request);
}

guint
wt_imap_client_retrieve (WtImapClient *self, const guint32 *uids, guint n_uids)
{
  return ask_uids (self, uids, n_uids, &(WtImapCommand){ .step = WT_IMAP_STEP_FETCH });
}

guint
wt_imap_client_store (WtImapClient *self, const guint32 *uids, guint n_uids, WtImapFlagsHow how, guint32 flags)
{
  return ask_uids (self, uids, n_uids, &(WtImapCommand){ .step = WT_IMAP_STEP_STORE, .how = how, .flags = flags });
}

guint
wt_imap_client_copy (WtImapClient *self, const guint32 *uids, guint n_uids, const char *folder)
{
  return ask_uids (self, uids, n_uids, &(WtImapCommand){ .step = WT_IMAP_STEP_COPY, .folder = (char *)folder });
}

static void
ask_to_remove (WtImapClient *self, const guint32 *uids, guint n_uids, guint request)
{
  ask_for_uids (self, uids, n_uids,
                &(WtImapCommand){ .step = WT_IMAP_STEP_STORE, .request = request, .flags = WT_IMAP_DELETED });
  ask_for_uids (self, uids, n_uids, &(WtImapCommand){ .step = WT_IMAP_STEP_EXPUNGE, .request = request });
}

guint
wt_imap_client_remove (WtImapClient *self, const guint32 *uids, guint n_uids)
{
  guint request = ++self->last_request;
  if (n_uids == 0)
    ask (self, WT_IMAP_STEP_CHOICE, request);
  ask_to_remove (self, uids, n_uids, request);
  return asked (self, request);
}

guint
wt_imap_client_move (WtImapClient *self, const guint32 *uids, guint n_uids, const char *folder)
{
  return ask_uids (self, uids, n_uids, &(WtImapCommand){ .step = WT_IMAP_STEP_MOVE, .folder = (char *)folder });
}

guint
wt_imap_client_append (WtImapClient *self, const WtImapAppend *append)
{
  guint request = ++self->last_request;
  if (append->folder == NULL && self->folders == NULL)
    ask (self, WT_IMAP_STEP_FOLDERS, request);
  WtImapCommand *command = ask (self, WT_IMAP_STEP_APPEND, request);
  command->folder = g_strdup (append->folder);
  command->use = append->use;
  command->message = g_bytes_ref (append->message);
  command->flags = append->flags;
  command->date = append->date;
  return asked (self, request);
}

guint
wt_imap_client_select (WtImapClient *self, const char *folder)
{
  return ask_one (self, WT_IMAP_STEP_SELECT, folder);
}

guint
wt_imap_client_folders (WtImapClient *self)
{
  return ask_one (self, WT_IMAP_STEP_FOLDERS, NULL);
}

guint
wt_imap_client_status (WtImapClient *self, const char *folder)
{
  return ask_one (self, WT_IMAP_STEP_STATUS, folder);
}

guint
wt_imap_client_noop (WtImapClient *self)
{
  return ask_one (self, WT_IMAP_STEP_NOOP, NULL);
}

/* --- what depends on the server -------------------------------------------------------------------------------------
 */

/* Without MOVE it is a copy, and then the first goes (RFC 6851 3.3). */
static void
copy_and_remove (WtImapClient *self, WtImapCommand *command)
{
  static const WtImapStep then[] = { WT_IMAP_STEP_EXPUNGE, WT_IMAP_STEP_STORE };
  for (guint i = 0; i < G_N_ELEMENTS (then); i++)
    {
      WtImapCommand *next = g_new0 (WtImapCommand, 1);
      next->step = then[i];
      next->request = command->request;
      next->last = i == 0 && command->last;
      next->set = g_strdup (command->set);
      next->flags = WT_IMAP_DELETED;
      g_queue_push_head (&self->asked, next);
    }
  command->step = WT_IMAP_STEP_COPY;
  command->last = FALSE;
}

/* (transfer full) */
static char *
folder_for (const WtImapClient *self, WtImapUse use)
{
  static const char *const names[] = { [WT_IMAP_USE_NONE] = "INBOX",    [WT_IMAP_USE_ARCHIVE] = "Archive",
                                       [WT_IMAP_USE_DRAFTS] = "Drafts", [WT_IMAP_USE_JUNK] = "Junk",
                                       [WT_IMAP_USE_SENT] = "Sent",     [WT_IMAP_USE_TRASH] = "Trash" };
  for (guint i = 0; use != WT_IMAP_USE_NONE && self->folders && i < self->folders->len; i++)
    {
      const WtImapFolder *folder = &g_array_index (self->folders, WtImapFolder, i);
      if (folder->use == use && folder->exists)
        return g_strdup (folder->name);
    }
  return g_strdup (names[use]);
}

static void
clear_folder (gpointer data)
{
  g_free ((char *)((WtImapFolder *)data)->name);
}

void
wt_imap_client_begin (WtImapClient *self, WtImapCommand *command)
{
  if (command->step == WT_IMAP_STEP_MOVE && !wt_imap_client_may_use (self, WT_IMAP_EXT_MOVE))
    copy_and_remove (self, command);
  else if (command->step == WT_IMAP_STEP_APPEND && command->folder == NULL)
    command->folder = folder_for (self, command->use);
  else if (command->step == WT_IMAP_STEP_SELECT)
    wt_imap_client_forget_mailbox (self);
  else if (command->step == WT_IMAP_STEP_FOLDERS)
    {
      g_clear_pointer (&self->folders, g_array_unref);
      self->folders = g_array_new (FALSE, FALSE, sizeof (WtImapFolder));
      g_array_set_clear_func (self->folders, clear_folder);
    }
}

void
wt_imap_client_set_idle (WtImapClient *self, gboolean idle)
{
  self->idle_wanted = idle;
  wt_imap_client_go_on (self);
}

void
wt_imap_client_logout (WtImapClient *self)
{
  ask_one (self, WT_IMAP_STEP_LOGOUT, NULL);
}
