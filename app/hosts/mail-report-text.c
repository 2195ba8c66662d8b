/* The delivery status notification itself: multipart/report (RFC 6522) of a text for people, message/delivery-status (RFC
 * 3464), and the mail or its header. With SMTPUTF8 the types are those of RFC 6533. */
#include "app/hosts/mail-server-private.h"

#include <string.h>

#define RETURNED_MAX (64 * 1024) /* larger mails return as their header only */
#define DIAGNOSTIC_MAX 400       /* bytes of what the other server said; a line holds 998 (RFC 5322 2.1.1) */

/* The status of RFC 3463: what was said, or the class alone. */
static char *
status_of (const WtMailRecipient *recipient)
{
  const WtMailVerdict *verdict = &recipient->verdict;
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
                          "Subject: Undelivered mail returned to sender\r\n"
                          "Message-ID: <%s@%s>\r\n"
                          "Auto-Submitted: auto-replied\r\n" /* RFC 3834 5 */
                          "MIME-Version: 1.0\r\n"
                          "Content-Type: multipart/report; report-type=delivery-status;\r\n"
                          "\tboundary=\"=_%s\"\r\n"
                          "Content-Transfer-Encoding: %s\r\n"
                          "\r\n",
                          date, hostname, address, id, hostname, id, encoding);
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
                          "This is the mail system at host %s.\r\n"
                          "\r\n"
                          "Your mail could not be delivered to:\r\n",
                          id, utf8 ? "utf-8" : "us-ascii", utf8 ? encoding : "7bit", entry->server->settings->hostname);
  for (guint i = 0; i < entry->recipients->len; i++)
    {
      const WtMailRecipient *recipient = g_ptr_array_index (entry->recipients, i);
      if (recipient->state != WT_MAIL_FAILED)
        continue;
      g_autofree char *address = wt_smtp_path_to_string (recipient->path);
      g_autofree char *said = diagnostic_of (recipient, utf8);
      g_string_append_printf (out, "\r\n<%s>\r\n", address);
      if (recipient->expired)
        g_string_append_printf (out, "    We tried %u times and give up. The last answer was:\r\n", entry->n_tries);
      if (recipient->remote)
        g_string_append_printf (out, "    %s said:\r\n", recipient->remote);
      g_string_append_printf (out, "    %s\r\n", said);
    }
  g_string_append (out, "\r\n");
}

/* RFC 3464 2.3 */
static void
write_recipient (GString *out, const WtMailRecipient *recipient, gboolean utf8, const char *date)
{
  g_autofree char *address = wt_smtp_path_to_string (recipient->path);
  g_autofree char *status = status_of (recipient);
  g_autofree char *said = diagnostic_of (recipient, utf8);
  gboolean in_utf8 = utf8 && !wt_smtp_path_is_ascii (recipient->path);
  g_string_append_printf (out,
                          "\r\n"
                          "Final-Recipient: %s; %s\r\n"
                          "Action: failed\r\n"
                          "Status: %s\r\n",
                          in_utf8 ? "utf-8" : "rfc822", address, status);
  if (recipient->remote)
    g_string_append_printf (out, "Remote-MTA: dns; %s\r\n", recipient->remote);
  /* "smtp" is what another server said in a reply (RFC 3464 2.3.6) */
  g_string_append_printf (out, "Diagnostic-Code: %s; %s\r\n", recipient->remote && recipient->verdict.code ? "smtp" : "x-wiretalk",
                          said);
  g_string_append_printf (out, "Last-Attempt-Date: %s\r\n", date);
}

/* RFC 3464 2.2 */
static void
write_status (GString *out, const WtMailEntry *entry, gint64 wall_time, const char *id, const char *encoding)
{
  gboolean utf8 = entry->params.smtputf8;
  g_autofree char *arrived = wt_mail_date (entry->arrived);
  g_autofree char *now = wt_mail_date (wall_time);
  g_string_append_printf (out,
                          "--=_%s\r\n"
                          "Content-Type: message/%s\r\n"
                          "Content-Transfer-Encoding: %s\r\n"
                          "\r\n"
                          "Reporting-MTA: dns; %s\r\n"
                          "Arrival-Date: %s\r\n",
                          id, utf8 ? "global-delivery-status" : "delivery-status", utf8 ? encoding : "7bit",
                          entry->server->settings->hostname, arrived);
  for (guint i = 0; i < entry->recipients->len; i++)
    {
      const WtMailRecipient *recipient = g_ptr_array_index (entry->recipients, i);
      if (recipient->state == WT_MAIL_FAILED)
        write_recipient (out, recipient, utf8, now);
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
  gboolean whole = size <= RETURNED_MAX;
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
