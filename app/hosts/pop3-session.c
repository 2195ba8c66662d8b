/* One incoming POP3 session: the engine at its connection, and the user's inbox behind it. */
#include "app/hosts/incoming.h"
#include "protocols/pop3/pop3-server.h"
#include "protocols/sasl/sasl.h"

#include <glib/gi18n.h>
#include <string.h>

#define UNSENT_MAX (256 * 1024)
#define AHEAD_MAILS 1000                       /* mails that are read before they are asked for, in a row */
#define AHEAD_BYTES (4 * 1024 * 1024)

typedef struct
{
  WtIncoming base;
  WtPop3Server *pop3; /* base.engine */
  char *stamp;        /* of APOP */
  guint64 flush_timer;

  WtSasl *sasl;       /* (nullable) */
  gboolean sasl_done; /* the client's answer to the last challenge means nothing more */

  WtMailAccount *account; /* (nullable) once logged in */
  WtMailbox *box;         /* (nullable) */
  GArray *uids;           /* (element-type guint32) of the maildrop's mails */
  GByteArray *retrieved;  /* one for each: RETR was answered */
  guint wanted;           /* MESSAGE: the mail that was asked for */
  guint ahead_first;      /* mails that were read and not asked for yet */
  GQueue ahead;           /* of GBytes */
  guint reading_to;       /* mails before this one are read or being read */
} WtPop3Session;

static void
on_flush (gpointer user_data)
{
  WtPop3Session *self = user_data;
  self->flush_timer = 0;
  wt_incoming_pump (&self->base);
}

/* --- answers of the store ----------------------------------------------------------------------------------------- */

static void
answer (WtPop3Session *self, const WtPop3Answer *answer)
{
  wt_pop3_server_answer (self->pop3, wt_incoming_answering (&self->base), answer);
  wt_incoming_pump (&self->base);
}

static void
answer_error (WtPop3Session *self, const char *code, const char *text)
{
  WtPop3Answer refusal = { .verdict = WT_POP3_REFUSE, .code = code, .text = text };
  answer (self, &refusal);
}

/* --- login -------------------------------------------------------------------------------------------------------- */

/* The unique-id is that of the mailbox and the mail in it, so it never names another mail (RFC 1939 7). */
static void
answer_maildrop (WtPop3Session *self)
{
  guint n = wt_mailbox_n_items (self->box);
  g_autofree WtPop3Mail *mails = g_new0 (WtPop3Mail, n);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < n; i++)
    {
      const WtMailItem *item = wt_mailbox_item (self->box, i);
      char *uid = g_strdup_printf ("%08x%08x", wt_mailbox_uid_validity (self->box), item->uid);
      g_ptr_array_add (names, uid);
      mails[i] = (WtPop3Mail){ item->size, uid };
      g_array_append_val (self->uids, item->uid);
    }
  g_byte_array_set_size (self->retrieved, n);
  for (guint i = 0; i < n; i++)
    self->retrieved->data[i] = FALSE;
  WtPop3Answer maildrop = { .verdict = WT_POP3_OK, .mails = mails, .n_mails = n };
  answer (self, &maildrop);
}

static void
on_opened (WtMailbox *box, const GError *error, gpointer user_data)
{
  WtPop3Session *self = user_data;
  self->box = box;
  if (box == NULL)
    {
      wt_conn_note (self->base.conn, WT_NOTE_ERROR, N_ ("The mailbox cannot be opened: %s"), error->message);
      answer_error (self, "SYS/TEMP", "The maildrop cannot be opened now");
    }
  else if (!wt_mailbox_lock (box))
    {
      g_clear_pointer (&self->box, wt_mailbox_close);
      answer_error (self, "IN-USE", "Another session has this maildrop");
    }
  else
    answer_maildrop (self);
}

static void
login (WtPop3Session *self, const WtMailUser *user)
{
  if (user == NULL)
    {
      answer_error (self, "AUTH", "Wrong name or password");
      return;
    }
  g_clear_pointer (&self->account, wt_mail_account_free);
  self->account = wt_incoming_open_account (&self->base, user);
  wt_mailbox_open (self->account, WT_MAIL_INBOX, on_opened, self);
}

static const WtMailUser *
check_digest (WtPop3Session *self, const char *name, const char *digest)
{
  const WtMailUser *user = wt_mail_login_user (self->base.server, name);
  g_autofree char *right = user ? wt_pop3_apop_digest (self->stamp, user->password) : NULL;
  return g_strcmp0 (right, digest) == 0 ? user : NULL;
}

/* --- SASL --------------------------------------------------------------------------------------------------------- */

static void
continue_sasl (WtPop3Session *self, GBytes *challenge)
{
  WtPop3Answer more = { .verdict = WT_POP3_CONTINUE, .message = challenge };
  answer (self, &more);
}

/* What comes with success is one more challenge: +OK has no room for it (RFC 5034 4). */
static void
ask_sasl (WtPop3Session *self, const WtPop3ServerEvent *event)
{
  g_autoptr (GBytes) output = NULL;
  gboolean first = event->ask == WT_POP3_ASK_AUTH, done = self->sasl_done && !first;
  WtSaslResult result = WT_SASL_DONE;
  if (!done)
    result = wt_incoming_sasl_step (&self->base, &self->sasl, first ? event->text : NULL, event->bytes, &output);
  self->sasl_done = result == WT_SASL_DONE;
  if (result == WT_SASL_FAILED)
    login (self, NULL);
  else if (result == WT_SASL_CONTINUE || (output && g_bytes_get_size (output) > 0))
    continue_sasl (self, output);
  else
    login (self, wt_mail_login_user (self->base.server, wt_sasl_user (self->sasl)));
}

/* --- messages ----------------------------------------------------------------------------------------------------- */

static void
answer_message (WtPop3Session *self, GBytes *message)
{
  WtPop3Answer found = { .verdict = WT_POP3_OK, .message = message };
  if (message)
    answer (self, &found);
  else
    answer_error (self, "SYS/TEMP", "This message is gone or cannot be read");
}

/* What was read ahead is kept until it is asked for; a message that cannot be read stands there empty. */
static void
take_read (WtPop3Session *self, guint i, GBytes *message)
{
  if (self->base.question && self->wanted == i && self->ahead.length == 0)
    {
      self->ahead_first = i + 1;
      answer_message (self, message);
    }
  else
    g_queue_push_tail (&self->ahead, message ? g_bytes_ref (message) : g_bytes_new (NULL, 0));
}

/* Mails come in portions: what is said of one goes out together. */
static void
on_read (WtMailbox *box, guint32 uid, GBytes *message, const GError *error, gpointer user_data)
{
  WtPop3Session *self = user_data;
  WtWorld *world = self->base.server->host.world;
  guint i = self->ahead_first + self->ahead.length;
  if (i >= self->uids->len || g_array_index (self->uids, guint32, i) != uid)
    return; /* of a reading that is no longer wanted */
  if (error)
    wt_conn_note (self->base.conn, WT_NOTE_ERROR, N_ ("A mail cannot be read: %s"), error->message);
  self->base.corked = TRUE;
  take_read (self, i, message);
  self->base.corked = FALSE;
  if (self->flush_timer == 0)
    self->flush_timer = wt_world_timer (world, 0, on_flush, self);
}

static void
forget_ahead (WtPop3Session *self)
{
  g_queue_clear_full (&self->ahead, (GDestroyNotify) g_bytes_unref);
  g_queue_init (&self->ahead);
}

/* One, or, when mails are asked for in a row, many. */
static guint
read_from (WtPop3Session *self, guint first, gboolean in_a_row)
{
  guint64 bytes = 0;
  guint n = 0;
  while (first + n < self->uids->len && n < (in_a_row ? AHEAD_MAILS : 1) && bytes < AHEAD_BYTES)
    {
      const WtMailItem *item = wt_mailbox_find (self->box, g_array_index (self->uids, guint32, first + n));
      bytes += item ? item->size : 0;
      n++;
    }
  return n;
}

static void
ask_message (WtPop3Session *self, const WtPop3ServerEvent *event)
{
  guint i = self->wanted = event->mail;
  gboolean in_a_row = i > 0 && i == self->ahead_first;
  if (event->lines == G_MAXUINT)
    self->retrieved->data[i] = TRUE;
  if (in_a_row && self->ahead.length > 0)
    {
      g_autoptr (GBytes) message = g_queue_pop_head (&self->ahead);
      self->ahead_first++;
      answer_message (self, g_bytes_get_size (message) ? message : NULL);
    }
  else if (!in_a_row || i >= self->reading_to)
    {
      guint n = read_from (self, i, in_a_row);
      forget_ahead (self);
      self->ahead_first = i;
      self->reading_to = i + n;
      wt_mailbox_read (self->box, &g_array_index (self->uids, guint32, i), n, on_read, self);
    }
}

/* --- the end ------------------------------------------------------------------------------------------------------ */

static void
on_expunged (WtMailbox *box, const GError *error, gpointer user_data)
{
  WtPop3Session *self = user_data;
  WtPop3Answer updated = { .verdict = WT_POP3_OK };
  if (error == NULL)
    {
      answer (self, &updated);
      return;
    }
  wt_conn_note (self->base.conn, WT_NOTE_ERROR, N_ ("Mails cannot be deleted: %s"), error->message);
  answer_error (self, "SYS/TEMP", "Some deleted messages were not removed");
}

/* What was retrieved and stays has been seen, as IMAP will show. */
static void
ask_update (WtPop3Session *self)
{
  g_autoptr (GArray) deleted = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GArray) seen = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint i = 0; i < self->uids->len; i++)
    if (wt_pop3_server_is_deleted (self->pop3, i))
      g_array_append_val (deleted, g_array_index (self->uids, guint32, i));
    else if (self->retrieved->data[i])
      g_array_append_val (seen, g_array_index (self->uids, guint32, i));
  if (seen->len > 0)
    wt_mailbox_set_flags (self->box, (const guint32 *) seen->data, seen->len, WT_MAIL_FLAGS_ADD, WT_MAIL_SEEN, NULL,
                          NULL);
  wt_mailbox_expunge (self->box, (const guint32 *) deleted->data, deleted->len, on_expunged, self);
}

/* --- the engine's wishes ------------------------------------------------------------------------------------------ */

static void
ask (WtPop3Session *self, const WtPop3ServerEvent *event)
{
  self->base.question = event->question;
  switch (event->ask)
    {
    case WT_POP3_ASK_PASSWORD:
      login (self, wt_mail_login (self->base.server, event->user, event->text));
      break;
    case WT_POP3_ASK_APOP:
      login (self, check_digest (self, event->user, event->text));
      break;
    case WT_POP3_ASK_MESSAGE:
      ask_message (self, event);
      break;
    case WT_POP3_ASK_UPDATE:
      ask_update (self);
      break;
    case WT_POP3_ASK_AUTH:
    case WT_POP3_ASK_AUTH_ANSWER:
      ask_sasl (self, event);
      break;
    }
}

static gboolean
handle_next (WtIncoming *base)
{
  WtPop3Session *self = (WtPop3Session *) base;
  WtPop3ServerEvent event;
  if (!wt_pop3_server_next (self->pop3, &event))
    return FALSE;
  switch (event.type)
    {
    case WT_POP3_SERVER_RECEIVED:
      wt_incoming_record (base, FALSE, event.context, 0, event.exchange, event.bytes);
      break;
    case WT_POP3_SERVER_SENT:
      wt_incoming_record (base, TRUE, event.context, WT_EVENT_FINAL, event.exchange, event.bytes);
      break;
    case WT_POP3_SERVER_STATE:
      wt_conn_state (base->conn, event.state);
      break;
    case WT_POP3_SERVER_QUESTION:
      ask (self, &event);
      break;
    case WT_POP3_SERVER_START_TLS:
      base->start_tls = TRUE;
      break;
    case WT_POP3_SERVER_CLOSE:
      base->closing = TRUE;
      break;
    }
  return TRUE;
}

/* --- its life ------------------------------------------------------------------------------------------------------ */

static gpointer
begin (WtIncoming *base, guint16 port)
{
  WtPop3Session *self = (WtPop3Session *) base;
  const WtMailSettings *settings = base->server->settings;
  WtWorld *world = base->server->host.world;
  WtPop3ServerConfig config;
  self->stamp = g_strdup_printf ("<%08x.%" G_GINT64_FORMAT "@%s>", wt_world_random (world), wt_world_wall_time (world),
                                 settings->hostname);
  self->uids = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->retrieved = g_byte_array_new ();
  g_queue_init (&self->ahead);
  wt_pop3_server_config_defaults (&config);
  config.software = settings->banner;
  config.stamp = self->stamp;
  config.report_wire = TRUE;
  config.encrypted = base->tls;
  config.plaintext_needs_tls = settings->require_tls;
  config.mechanisms = settings->mechanism_names;
  config.capabilities |= WT_POP3_CAP_STLS | WT_POP3_CAP_SASL | (settings->apop ? WT_POP3_CAP_APOP : 0);
  return self->pop3 = wt_pop3_server_new (&config);
}

static void
greet (WtIncoming *base, gboolean too_many)
{
  wt_pop3_server_greet (base->engine, too_many ? "Too many sessions, come again later" : NULL);
  wt_incoming_greeted (base);
}

/* Gone without QUIT: nothing is deleted (RFC 1939 6). */
static void
end (WtIncoming *base)
{
  WtPop3Session *self = (WtPop3Session *) base;
  wt_world_cancel (base->server->host.world, self->flush_timer);
}

static void
free_maildrop (WtIncoming *base)
{
  WtPop3Session *self = (WtPop3Session *) base;
  wt_mail_account_free (self->account); /* with the mailbox */
  wt_sasl_free (self->sasl);
  g_queue_clear_full (&self->ahead, (GDestroyNotify) g_bytes_unref);
  g_array_unref (self->uids);
  g_byte_array_unref (self->retrieved);
  g_free (self->stamp);
}

const WtIncomingClass wt_pop3_session_class = {
  .protocol = WT_PROTOCOL_POP3,
  .size = sizeof (WtPop3Session),
  .sasl_service = "pop",
  .unsent_max = UNSENT_MAX,
  .begin = begin,
  .greet = greet,
  .handle_next = handle_next,
  .end = end,
  .free = free_maildrop,
  .go_on = (gboolean (*) (gpointer)) wt_pop3_server_go_on,
  WT_INCOMING_ENGINE (wt_pop3_server, wt_pop3_server_tls_started),
};
