#include "imap-owner.h"
#include "sasl-owner.h"

#include <string.h>

typedef struct
{
  WtImapItem item;
  GBytes *message;
} Mail;

typedef struct
{
  char *name;
  gboolean subscribed;
  guint32 uid_next;
  guint64 modseq;
  GArray *mails;    /* of Mail */
  GPtrArray *words; /* keywords */
  GArray *vanished; /* of WtImapItem: UID and modseq */
  guint32 recent;
} Folder;

struct _ImapOwner
{
  GPtrArray *folders;  /* of Folder */
  GPtrArray *sessions; /* of ImapSession, not owned */
  guint n_read;
};

struct _ImapSession
{
  ImapOwner *owner;
  WtImapServer *server;
  WtSasl *sasl;     /* (nullable) */
  GString *greeting;
  Folder *selected; /* (nullable) */
  gboolean closed, hold, read_only, starts_tls;
};

static const char *const mails[] = {
  "From: Bob <bob@example.net>\r\nTo: alice@example.org\r\nSubject: One\r\nDate: Mon, 7 Feb 1994 21:52:25 -0800\r\n"
  "Message-ID: <1@example.net>\r\n\r\nHello.\r\n",
  "From: carol@example.net\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\r\nTwo lines\r\nof text.\r\n",
  "From: dan@example.net\r\nSubject: Parts\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
  "--b\r\n\r\nplain\r\n--b\r\nContent-Type: application/x-bin; name=\"a.bin\"\r\nContent-Transfer-Encoding: base64\r\n"
  "Content-Disposition: attachment; filename=\"a.bin\"\r\n\r\nAAECAw==\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
  "Subject: Inner\r\n\r\ninner text\r\n--b--\r\n",
};

/* --- folders ------------------------------------------------------------------------------------------------------ */

static Folder *
find (ImapOwner *self, const char *name)
{
  for (guint i = 0; i < self->folders->len; i++)
    if (strcmp (((Folder *)g_ptr_array_index (self->folders, i))->name, name) == 0)
      return g_ptr_array_index (self->folders, i);
  return NULL;
}

static void
mail_clear (gpointer data)
{
  g_bytes_unref (((Mail *)data)->message);
}

static void
folder_free (gpointer data)
{
  Folder *folder = data;
  g_free (folder->name);
  g_array_unref (folder->mails);
  g_array_unref (folder->vanished);
  g_ptr_array_unref (folder->words);
  g_free (folder);
}

static Folder *
add_folder (ImapOwner *self, const char *name)
{
  Folder *folder = g_new0 (Folder, 1);
  folder->name = g_strdup (name);
  folder->uid_next = 1;
  folder->modseq = folder->recent = 1;
  folder->mails = g_array_new (FALSE, FALSE, sizeof (Mail));
  g_array_set_clear_func (folder->mails, mail_clear);
  folder->vanished = g_array_new (FALSE, FALSE, sizeof (WtImapItem));
  folder->words = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->folders, folder);
  return folder;
}

static Mail *
find_mail (Folder *folder, guint32 uid)
{
  for (guint i = 0; i < folder->mails->len; i++)
    if (g_array_index (folder->mails, Mail, i).item.uid == uid)
      return &g_array_index (folder->mails, Mail, i);
  return NULL;
}

static guint32
word (Folder *folder, const char *name)
{
  for (guint i = 0; i < folder->words->len; i++)
    if (g_ascii_strcasecmp (g_ptr_array_index (folder->words, i), name) == 0)
      return WT_IMAP_KEYWORD (i);
  if (folder->words->len == WT_IMAP_KEYWORDS_MAX)
    return 0;
  g_ptr_array_add (folder->words, g_strdup (name));
  return WT_IMAP_KEYWORD (folder->words->len - 1);
}

static guint32
words (Folder *folder, const char *const *names)
{
  guint32 flags = 0;
  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    flags |= word (folder, names[i]);
  return flags;
}

/* --- what happens ---------------------------------------------------------------------------------------------------
 */

#define FOR_EACH_WATCHER(owner, folder, session)                                                                       \
  for (guint each_ = 0; each_ < (owner)->sessions->len; each_++)                                                       \
    for (ImapSession *session = g_ptr_array_index ((owner)->sessions, each_);                                          \
         session != NULL && session->selected == (folder); session = NULL)

static guint32
add_mail (ImapOwner *self, Folder *folder, GBytes *message, guint32 flags, gint64 date)
{
  Mail mail = { { folder->uid_next++, flags, ++folder->modseq, date, g_bytes_get_size (message) },
                g_bytes_ref (message) };
  g_array_append_val (folder->mails, mail);
  FOR_EACH_WATCHER (self, folder, session)
  {
    wt_imap_server_keywords (session->server, (const char *const *)folder->words->pdata, folder->words->len);
    wt_imap_server_added (session->server, &mail.item, FALSE);
  }
  return mail.item.uid;
}

static void
set_flags (ImapOwner *self, Folder *folder, guint32 uid, WtImapFlagsHow how, guint32 flags)
{
  Mail *mail = find_mail (folder, uid);
  if (mail == NULL)
    return;
  guint32 now = how == WT_IMAP_FLAGS_ADD      ? mail->item.flags | flags
                : how == WT_IMAP_FLAGS_REMOVE ? mail->item.flags & ~flags
                                              : flags;
  if (now == mail->item.flags)
    return;
  mail->item.flags = now;
  mail->item.modseq = ++folder->modseq;
  FOR_EACH_WATCHER (self, folder, session)
  {
    wt_imap_server_keywords (session->server, (const char *const *)folder->words->pdata, folder->words->len);
    wt_imap_server_changed (session->server, uid, now, mail->item.modseq);
  }
}

static void
expunge (ImapOwner *self, Folder *folder, guint32 uid)
{
  Mail *mail = find_mail (folder, uid);
  if (mail == NULL)
    return;
  WtImapItem gone = { .uid = uid, .modseq = ++folder->modseq };
  g_array_append_val (folder->vanished, gone);
  g_array_remove_index (folder->mails, mail - &g_array_index (folder->mails, Mail, 0));
  FOR_EACH_WATCHER (self, folder, session)
  wt_imap_server_expunged (session->server, uid, gone.modseq);
}

guint
imap_owner_n_read (const ImapOwner *self)
{
  return self->n_read;
}

void
imap_owner_deliver (ImapOwner *self, const char *message)
{
  g_autoptr (GBytes) bytes = g_bytes_new (message, strlen (message));
  add_mail (self, find (self, "INBOX"), bytes, 0, 0);
}

ImapOwner *
imap_owner_new (void)
{
  ImapOwner *self = g_new0 (ImapOwner, 1);
  self->folders = g_ptr_array_new_with_free_func (folder_free);
  self->sessions = g_ptr_array_new ();
  Folder *inbox = add_folder (self, "INBOX");
  for (guint i = 0; i < G_N_ELEMENTS (mails); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new_static (mails[i], strlen (mails[i]));
      inbox->uid_next += i == 2; /* UIDs 1, 2, 4 */
      add_mail (self, inbox, bytes, i == 0 ? WT_IMAP_SEEN : 0, i * 86400);
    }
  inbox->recent = inbox->uid_next;
  add_folder (self, "Sent");
  add_folder (self, "work/plans")->subscribed = TRUE;
  return self;
}

void
imap_owner_free (ImapOwner *self)
{
  g_ptr_array_unref (self->folders);
  g_ptr_array_unref (self->sessions);
  g_free (self);
}

/* --- answers --------------------------------------------------------------------------------------------------------
 */

static void
refuse (ImapSession *self, guint question, const char *code)
{
  wt_imap_server_answer (self->server, question, &(WtImapAnswer){ .refused = TRUE, .code = code, .text = "no" });
}

static gboolean
has_children (ImapOwner *owner, const char *name)
{
  g_autofree char *prefix = g_strconcat (name, "/", NULL);
  for (guint i = 0; i < owner->folders->len; i++)
    if (g_str_has_prefix (((Folder *)g_ptr_array_index (owner->folders, i))->name, prefix))
      return TRUE;
  return FALSE;
}

static void
answer_list (ImapSession *self, guint question)
{
  ImapOwner *owner = self->owner;
  g_autoptr (GArray) list = g_array_new (FALSE, TRUE, sizeof (WtImapFolder));
  for (guint i = 0; i < owner->folders->len; i++)
    {
      const Folder *folder = g_ptr_array_index (owner->folders, i);
      WtImapFolder entry = { folder->name, TRUE, folder->subscribed, has_children (owner, folder->name),
                             strcmp (folder->name, "Sent") == 0 ? WT_IMAP_USE_SENT : WT_IMAP_USE_NONE };
      g_array_append_val (list, entry);
    }
  WtImapFolder level = { "work", FALSE, FALSE, TRUE, WT_IMAP_USE_NONE };
  if (find (owner, "work/plans") && !find (owner, "work"))
    g_array_append_val (list, level);
  WtImapAnswer answer = { .folders = (const WtImapFolder *)(gpointer)list->data, .n_folders = list->len };
  wt_imap_server_answer (self->server, question, &answer);
}

static void
answer_status (ImapSession *self, const WtImapServerEvent *event)
{
  Folder *folder = find (self->owner, event->folder);
  if (folder == NULL)
    {
      refuse (self, event->question, "NONEXISTENT");
      return;
    }
  WtImapAnswer answer = { .status = { .messages = folder->mails->len,
                                      .uid_next = folder->uid_next,
                                      .uid_validity = 7,
                                      .highest_modseq = folder->modseq } };
  for (guint i = 0; i < folder->mails->len; i++)
    {
      const WtImapItem *item = &g_array_index (folder->mails, Mail, i).item;
      answer.status.unseen += !(item->flags & WT_IMAP_SEEN);
      answer.status.deleted += (item->flags & WT_IMAP_DELETED) != 0;
      answer.status.size += item->size;
    }
  wt_imap_server_answer (self->server, event->question, &answer);
}

static void
answer_select (ImapSession *self, const WtImapServerEvent *event)
{
  Folder *folder = find (self->owner, event->folder);
  if (folder == NULL)
    {
      refuse (self, event->question, "NONEXISTENT");
      return;
    }
  g_autoptr (GArray) items = g_array_new (FALSE, FALSE, sizeof (WtImapItem));
  for (guint i = 0; i < folder->mails->len; i++)
    g_array_append_val (items, g_array_index (folder->mails, Mail, i).item);
  WtImapMailbox mailbox = { .cache_id = g_str_hash (folder->name),
                            .uid_validity = 7,
                            .uid_next = folder->uid_next,
                            .highest_modseq = folder->modseq,
                            .first_recent = folder->recent,
                            .keywords = (const char *const *)folder->words->pdata,
                            .n_keywords = folder->words->len,
                            .items = (const WtImapItem *)(gpointer)items->data,
                            .n_items = items->len };
  self->selected = folder;
  wt_imap_server_answer (self->server, event->question, &(WtImapAnswer){ .mailbox = &mailbox });
}

static void
answer_append (ImapSession *self, const WtImapServerEvent *event)
{
  Folder *folder = find (self->owner, event->folder);
  if (folder == NULL)
    {
      refuse (self, event->question, "NONEXISTENT");
      return;
    }
  guint32 flags = event->flags | words (folder, event->keywords);
  guint32 uid = add_mail (self->owner, folder, event->bytes, flags, event->date == G_MININT64 ? 0 : event->date);
  wt_imap_server_answer (self->server, event->question, &(WtImapAnswer){ .uid_validity = 7, .to = &uid, .n_uids = 1 });
}

static void
answer_copy (ImapSession *self, const WtImapServerEvent *event)
{
  Folder *to = find (self->owner, event->folder);
  if (to == NULL)
    {
      refuse (self, event->question, "NONEXISTENT");
      return;
    }
  g_autoptr (GArray) from = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GArray) copies = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint i = 0; i < event->n_uids; i++)
    {
      Mail *mail = find_mail (self->selected, event->uids[i]);
      if (mail == NULL)
        continue;
      guint32 uid = add_mail (self->owner, to, mail->message, mail->item.flags & WT_IMAP_SYSTEM_FLAGS, mail->item.date);
      g_array_append_val (from, event->uids[i]);
      g_array_append_val (copies, uid);
      if (event->move)
        expunge (self->owner, self->selected, event->uids[i]);
    }
  wt_imap_server_answer (self->server, event->question,
                         &(WtImapAnswer){ .uid_validity = 7,
                                          .from = (const guint32 *)(gpointer)from->data,
                                          .to = (const guint32 *)(gpointer)copies->data,
                                          .n_uids = from->len });
}

static void
answer_vanished (ImapSession *self, const WtImapServerEvent *event)
{
  g_autoptr (GArray) uids = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint i = 0; i < self->selected->vanished->len; i++)
    {
      const WtImapItem *gone = &g_array_index (self->selected->vanished, WtImapItem, i);
      if (gone->modseq > event->modseq)
        g_array_append_val (uids, gone->uid);
    }
  wt_imap_server_answer (self->server, event->question,
                         &(WtImapAnswer){ .to = (const guint32 *)(gpointer)uids->data, .n_uids = uids->len });
}

/* The mechanism TWO of these tests: "two" is right, and success has data. */
static void
answer_two (ImapSession *self, const WtImapServerEvent *event)
{
  gsize n_bytes = 0;
  const char *bytes = event->data ? g_bytes_get_data (event->data, &n_bytes) : NULL;
  g_autoptr (GBytes) data = g_bytes_new_static ("done", 4);
  g_autoptr (GBytes) none = g_bytes_new (NULL, 0);
  if (event->data == NULL)
    wt_imap_server_answer (self->server, event->question, &(WtImapAnswer){ .challenge = none });
  else if (n_bytes == 3 && memcmp (bytes, "two", 3) == 0)
    wt_imap_server_answer (self->server, event->question, &(WtImapAnswer){ .success = data });
  else
    refuse (self, event->question, NULL);
}

static void
answer_sasl (ImapSession *self, const WtImapServerEvent *event)
{
  g_autoptr (GBytes) output = NULL;
  g_autoptr (GBytes) none = g_bytes_new (NULL, 0);
  if (event->mechanism)
    g_clear_pointer (&self->sasl, wt_sasl_free);
  if (g_strcmp0 (event->mechanism, "TWO") == 0 || (event->mechanism == NULL && self->sasl == NULL))
    {
      answer_two (self, event);
      return;
    }
  WtSaslResult result = sasl_owner_step (&self->sasl, event->mechanism, "imap", event->data, &output);
  if (result == WT_SASL_CONTINUE)
    wt_imap_server_answer (self->server, event->question, &(WtImapAnswer){ .challenge = output ? output : none });
  else if (result == WT_SASL_DONE)
    wt_imap_server_answer (self->server, event->question, output ? &(WtImapAnswer){ .success = output } : NULL);
  else
    refuse (self, event->question, NULL);
}

static void
answer_folder (ImapSession *self, const WtImapServerEvent *event)
{
  Folder *folder = find (self->owner, event->folder);
  gboolean create = event->ask == WT_IMAP_ASK_CREATE;
  if ((folder == NULL) != create || (event->ask == WT_IMAP_ASK_RENAME && find (self->owner, event->to)))
    {
      refuse (self, event->question, folder == NULL ? "NONEXISTENT" : "ALREADYEXISTS");
      return;
    }
  if (create)
    add_folder (self->owner, event->folder);
  else if (event->ask == WT_IMAP_ASK_RENAME)
    {
      g_free (folder->name);
      folder->name = g_strdup (event->to);
    }
  else if (event->ask == WT_IMAP_ASK_DELETE)
    {
      FOR_EACH_WATCHER (self->owner, folder, session)
      {
        wt_imap_server_gone (session->server);
        session->selected = NULL;
      }
      g_ptr_array_remove (self->owner->folders, folder);
    }
  else
    folder->subscribed = event->ask == WT_IMAP_ASK_SUBSCRIBE;
  wt_imap_server_answer (self->server, event->question, NULL);
}

static void
answer_mails (ImapSession *self, const WtImapServerEvent *event)
{
  guint32 flags = event->ask == WT_IMAP_ASK_FLAGS ? event->flags | words (self->selected, event->keywords) : 0;
  guint n = event->n_uids;
  const guint32 *uids = event->uids;
  for (guint i = 0; i < n; i++)
    {
      const Mail *mail = find_mail (self->selected, uids[i]);
      if (event->ask == WT_IMAP_ASK_READ)
        {
          self->owner->n_read++;
          wt_imap_server_message (self->server, event->question, uids[i], mail ? mail->message : NULL);
        }
      else if (event->ask == WT_IMAP_ASK_FLAGS)
        set_flags (self->owner, self->selected, uids[i], event->how, flags);
      else
        expunge (self->owner, self->selected, uids[i]);
    }
  wt_imap_server_answer (self->server, event->question, NULL);
}

static void
answer (ImapSession *self, const WtImapServerEvent *event)
{
  switch (event->ask)
    {
    case WT_IMAP_ASK_LOGIN:
      if (strcmp (event->user, "alice") == 0 && strcmp (event->password, "secret") == 0)
        wt_imap_server_answer (self->server, event->question, NULL);
      else
        refuse (self, event->question, NULL);
      break;
    case WT_IMAP_ASK_SASL:
      answer_sasl (self, event);
      break;
    case WT_IMAP_ASK_LIST:
      answer_list (self, event->question);
      break;
    case WT_IMAP_ASK_STATUS:
      answer_status (self, event);
      break;
    case WT_IMAP_ASK_SELECT:
      answer_select (self, event);
      break;
    case WT_IMAP_ASK_CHECK:
      wt_imap_server_answer (self->server, event->question, NULL);
      break;
    case WT_IMAP_ASK_APPEND:
      answer_append (self, event);
      break;
    case WT_IMAP_ASK_READ:
    case WT_IMAP_ASK_FLAGS:
    case WT_IMAP_ASK_EXPUNGE:
      answer_mails (self, event);
      break;
    case WT_IMAP_ASK_COPY:
      answer_copy (self, event);
      break;
    case WT_IMAP_ASK_VANISHED:
      answer_vanished (self, event);
      break;
    case WT_IMAP_ASK_QUOTA:
      wt_imap_server_answer (self->server, event->question,
                             &(WtImapAnswer){ .quota_used = 2048, .quota_limit = 1024 * 1024 });
      break;
    default:
      answer_folder (self, event);
    }
}

/* --- sessions -------------------------------------------------------------------------------------------------------
 */

static void
drain (ImapSession *self, GString *said)
{
  WtImapServerEvent event;
  GBytes *bytes;
  do
    {
      while (wt_imap_server_next (self->server, &event))
        if (event.type == WT_IMAP_SERVER_QUESTION && !self->hold)
          answer (self, &event);
        else if (event.type == WT_IMAP_SERVER_DESELECT)
          self->selected = NULL;
        else if (event.type == WT_IMAP_SERVER_STARTTLS)
          self->starts_tls = TRUE;
        else if (event.type == WT_IMAP_SERVER_CLOSE)
          self->closed = TRUE;
      bytes = wt_imap_server_take (self->server);
      if (bytes != NULL && said != NULL)
        g_string_append_len (said, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
      g_bytes_unref (bytes);
    }
  while (bytes != NULL);
}

ImapSession *
imap_session_new (ImapOwner *owner, const WtImapServerConfig *config)
{
  ImapSession *self = g_new0 (ImapSession, 1);
  self->owner = owner;
  self->server = wt_imap_server_new (config);
  g_ptr_array_add (owner->sessions, self);
  self->greeting = g_string_new (NULL);
  wt_imap_server_greet (self->server, NULL);
  drain (self, self->greeting);
  return self;
}

const char *
imap_session_greeting (const ImapSession *self)
{
  return self->greeting->str;
}

WtImapServer *
imap_session_engine (ImapSession *self)
{
  return self->server;
}

void
imap_session_feed (ImapSession *self, const char *bytes, gsize n_bytes, GString *said)
{
  wt_imap_server_feed (self->server, (const guint8 *)bytes, n_bytes);
  drain (self, said);
}

gboolean
imap_session_starts_tls (ImapSession *self)
{
  gboolean starts = self->starts_tls;
  self->starts_tls = FALSE;
  return starts;
}

gboolean
imap_session_is_closed (const ImapSession *self)
{
  return self->closed;
}

void
imap_session_hold (ImapSession *self, gboolean hold)
{
  self->hold = hold;
}

void
imap_session_free (ImapSession *self)
{
  g_ptr_array_remove (self->owner->sessions, self);
  wt_imap_server_free (self->server);
  wt_sasl_free (self->sasl);
  g_string_free (self->greeting, TRUE);
  g_free (self);
}
