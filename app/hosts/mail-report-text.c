/* The delivery status notification itself: multipart/report (RFC 6522) of a text for people, message/delivery-status (RFC
 * 3464), and the mail or its header. With SMTPUTF8 the types are those of RFC 6533. */
#include "app/hosts/mail-server-private.h"

#include <string.h>

#define RETURNED_MAX (64 * 1024) /* larger mails return as their header only */
#define DIAGNOSTIC_MAX 400       /* bytes of what the other server said; a line holds 998 (RFC 5322 2.1.1) */

/* What happened to a recipient, for machines (RFC 3464 2.3.3) and for people. */
typedef enum { ACTION_NONE, ACTION_FAILED, ACTION_DELAYED, ACTION_DELIVERED, ACTION_RELAYED, ACTION_EXPANDED, N_ACTIONS } Action;

static const struct {
  const char *name, *subject, *heading;
} actions[N_ACTIONS] = {
  [ACTION_FAILED] = { "failed", "Undelivered mail returned to sender", "Your mail could not be delivered to:" },
  [ACTION_DELAYED] = { "delayed", "Delayed mail, still being tried",
                       "Your mail could not be delivered yet. We go on trying; you need not send it again. It waits for:" },
  [ACTION_DELIVERED] = { "delivered", "Your mail has been delivered", "Your mail has been delivered to the mailbox of:" },
  [ACTION_RELAYED] = { "relayed", "Your mail has been handed on",
                       "Your mail has been handed to a server that sends no reports of its own, for:" },
  [ACTION_EXPANDED] = { "expanded", "Your mail has been handed on to several",
                        "Your mail has been handed on to all members, of whom you will hear no more unless it fails, of:" },
};

static Action
action_of (const WtMailRecipient *recipient)
{
  static const Action reported[] = { [WT_MAIL_REPORT_NONE] = ACTION_NONE,
                                     [WT_MAIL_REPORT_DELAYED] = ACTION_DELAYED,
                                     [WT_MAIL_REPORT_DELIVERED] = ACTION_DELIVERED,
                                     [WT_MAIL_REPORT_RELAYED] = ACTION_RELAYED,
                                     [WT_MAIL_REPORT_EXPANDED] = ACTION_EXPANDED };
  return recipient->state == WT_MAIL_FAILED ? ACTION_FAILED : reported[recipient->report];
}

/* The worst of them gives the report its subject. */
static Action
worst_action (const WtMailEntry *entry)
{
  Action worst = ACTION_EXPANDED;
  for (guint i = 0; i < entry->recipients->len; i++)
    {
      Action action = action_of (g_ptr_array_index (entry->recipients, i));
      if (action != ACTION_NONE && action < worst)
        worst = action;
    }
  return worst;
}

/* The status of RFC 3463: what was said, or the class alone. */
static char *
status_of (const WtMailRecipient *recipient)
{
  const WtMailVerdict *verdict = &recipient->verdict;
  if (action_of (recipient) >= ACTION_DELIVERED)
    return g_strdup (verdict->enhanced[0] == '2' ? verdict->enhanced : "2.0.0");
  if (recipient->expired)
    return g_strdup ("4.4.7"); /* delivery time expired */
  if (verdict->enhanced[0] == '4' || verdict->enhanced[0] == '5')
    return g_strdup (verdict->enhanced);
  return g_strdup (verdict->code >= 500 ? "5.0.0" : "4.0.0");
}

/* One line that fits into a header field. */
static char *
diagnostic_of (const WtMailRecipient *recipient, gboolean utf8)
{
  g_autofree char *text = wt_mail_verdict_to_string (&recipient->verdict);
  gsize length = MIN (strlen (text), DIAGNOSTIC_MAX);
  while (length > 0 && ((guint8) text[length] & 0xc0) == 0x80) /* not within a character */
    length--;
  text[length] = 0;
  for (char *c = text; !utf8 && *c; c++)
    if ((guint8) *c >= 0x80)
      *c = '?';
  return g_steal_pointer (&text);
}

static gboolean
is_8bit (GBytes *bytes)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  guint8 all = 0;
  for (gsize i = 0; i < size; i++)
    all |= data[i];
  return all & 0x80;
}

static void
write_head (GString *out, const WtMailEntry *entry, const WtSmtpPath *to, gint64 wall_time, const char *id,
            const char *encoding)
{
  g_autofree char *date = wt_mail_date (wall_time);
  g_autofree char *address = wt_smtp_path_to_string (to);
  const char *hostname = entry->server->settings->hostname;
  g_string_append_printf (out,
                          "Date: %s\r\n"
                          "From: Mail Delivery System <MAILER-DAEMON@%s>\r\n"
                          "To: <%s>\r\n"
                          "Subject: %s\r\n"
                          "Message-ID: <%s@%s>\r\n"
                          "Auto-Submitted: auto-replied\r\n" /* RFC 3834 5 */
                          "MIME-Version: 1.0\r\n"
                          "Content-Type: multipart/report; report-type=delivery-status;\r\n"
                          "\tboundary=\"=_%s\"\r\n"
                          "Content-Transfer-Encoding: %s\r\n"
                          "\r\n",
                          date, hostname, address, actions[worst_action (entry)].subject, id, hostname, id, encoding);
}

/* Those of whom there is the same to say. */
static void
write_recipients (GString *out, const WtMailEntry *entry, Action action)
{
  gboolean headed = FALSE;
  for (guint i = 0; i < entry->recipients->len; i++)
    {
      const WtMailRecipient *recipient = g_ptr_array_index (entry->recipients, i);
      if (action_of (recipient) != action)
        continue;
      g_autofree char *address = wt_smtp_path_to_string (recipient->path);
      g_autofree char *said = diagnostic_of (recipient, entry->params.smtputf8);
      if (!headed)
        g_string_append_printf (out, "\r\n%s\r\n", actions[action].heading);
      headed = TRUE;
      g_string_append_printf (out, "\r\n<%s>\r\n", address);
      if (recipient->expired)
        g_string_append_printf (out, "    We tried %u times and give up. The last answer was:\r\n", entry->n_tries);
      if (recipient->remote)
        g_string_append_printf (out, "    %s said:\r\n", recipient->remote);
      g_string_append_printf (out, "    %s\r\n", said);
    }
}

static void
write_text (GString *out, const WtMailEntry *entry, const char *id, const char *encoding)
{
  gboolean utf8 = entry->params.smtputf8;
  g_string_append_printf (out,
                          "--=_%s\r\n"
                          "Content-Type: text/plain; charset=%s\r\n"
                          "Content-Transfer-Encoding: %s\r\n"
                          "\r\n"
                          "This is the mail system at host %s.\r\n",
                          id, utf8 ? "utf-8" : "us-ascii", utf8 ? encoding : "7bit", entry->server->settings->hostname);
  for (Action action = ACTION_FAILED; action < N_ACTIONS; action++)
    write_recipients (out, entry, action);
  g_string_append (out, "\r\n");
}

/* RFC 3464 2.3 */
static void
write_recipient (GString *out, const WtMailRecipient *recipient, gboolean utf8, const char *date, const char *until)
{
  g_autofree char *address = wt_smtp_path_to_string (recipient->path);
  g_autofree char *status = status_of (recipient);
  g_autofree char *said = diagnostic_of (recipient, utf8);
  gboolean in_utf8 = utf8 && !wt_smtp_path_is_ascii (recipient->path);
  Action action = action_of (recipient);
  const char *semicolon = recipient->path->orcpt ? strchr (recipient->path->orcpt, ';') : NULL;
  g_string_append (out, "\r\n");
  if (semicolon && (utf8 || g_str_is_ascii (semicolon)))
    g_string_append_printf (out, "Original-Recipient: %.*s; %s\r\n", (int) (semicolon - recipient->path->orcpt),
                            recipient->path->orcpt, semicolon + 1);
  g_string_append_printf (out,
                          "Final-Recipient: %s; %s\r\n"
                          "Action: %s\r\n"
                          "Status: %s\r\n",
                          in_utf8 ? "utf-8" : "rfc822", address, actions[action].name, status);
  if (recipient->remote)
    g_string_append_printf (out, "Remote-MTA: dns; %s\r\n", recipient->remote);
  /* "smtp" is what another server said in a reply (RFC 3464 2.3.6) */
  g_string_append_printf (out, "Diagnostic-Code: %s; %s\r\n", recipient->remote && recipient->verdict.code ? "smtp" : "x-wiretalk",
                          said);
  g_string_append_printf (out, "Last-Attempt-Date: %s\r\n", date);
  if (action == ACTION_DELAYED)
    g_string_append_printf (out, "Will-Retry-Until: %s\r\n", until);
}

/* RFC 3464 2.2 */
static void
write_status (GString *out, const WtMailEntry *entry, gint64 wall_time, const char *id, const char *encoding)
{
  gboolean utf8 = entry->params.smtputf8;
  g_autofree char *arrived = wt_mail_date (entry->arrived);
  g_autofree char *now = wt_mail_date (wall_time);
  g_autofree char *until = wt_mail_date (entry->arrived + entry->server->settings->expire / 1000);
  g_string_append_printf (out,
                          "--=_%s\r\n"
                          "Content-Type: message/%s\r\n"
                          "Content-Transfer-Encoding: %s\r\n"
                          "\r\n",
                          id, utf8 ? "global-delivery-status" : "delivery-status", utf8 ? encoding : "7bit");
  if (entry->params.envid[0] && (utf8 || g_str_is_ascii (entry->params.envid)))
    g_string_append_printf (out, "Original-Envelope-Id: %s\r\n", entry->params.envid);
  g_string_append_printf (out,
                          "Reporting-MTA: dns; %s\r\n"
                          "Arrival-Date: %s\r\n",
                          entry->server->settings->hostname, arrived);
  for (guint i = 0; i < entry->recipients->len; i++)
    {
      const WtMailRecipient *recipient = g_ptr_array_index (entry->recipients, i);
      if (action_of (recipient) != ACTION_NONE)
        write_recipient (out, recipient, utf8, now, until);
    }
  g_string_append (out, "\r\n");
}

static void
write_returned (GString *out, const WtMailEntry *entry, const char *id, const char *encoding)
{
  static const char *const types[2][2] = { { "text/rfc822-headers", "message/rfc822" },
                                           { "message/global-headers", "message/global" } };
  gsize size;
  const char *bytes = g_bytes_get_data (entry->message, &size);
  /* RFC 3461 4.3: as the sender wishes, and without failure the header is enough */
  gboolean wanted = entry->params.ret != WT_SMTP_RET_HDRS && worst_action (entry) == ACTION_FAILED;
  gboolean whole = wanted && size <= RETURNED_MAX;
  g_string_append_printf (out, "--=_%s\r\nContent-Type: %s\r\nContent-Transfer-Encoding: %s\r\n\r\n", id,
                          types[entry->params.smtputf8][whole], encoding);
  g_string_append_len (out, bytes, whole ? size : wt_mail_header_length (entry->message));
  g_string_append_printf (out, "\r\n--=_%s--\r\n", id);
}

GBytes *
wt_mail_report_new (const WtMailEntry *entry, const WtSmtpPath *to, gint64 wall_time, const char *id)
{
  const char *encoding = entry->params.smtputf8 || is_8bit (entry->message) ? "8bit" : "7bit";
  GString *out = g_string_new (NULL);
  write_head (out, entry, to, wall_time, id, encoding);
  write_text (out, entry, id, encoding);
  write_status (out, entry, wall_time, id, encoding);
  write_returned (out, entry, id, encoding);
  return g_string_free_to_bytes (out);
}
