/* Mails as people read them. */
#include "app/ui/mail/mail-text.h"

#include <string.h>

typedef struct {
  const char *name, *mail, *from, *subject, *text, *attachment;
} Row;

static const Row rows[] = {
  { "plain", "From: a@b.org\r\nSubject: Hi\r\n\r\nHello\r\n", "a@b.org", "Hi", "Hello\r\n", NULL },
  { "encoded words", "From: =?utf-8?q?J=C3=B6rg?= <j@b.org>\r\nSubject: =?iso-8859-1?q?Gr=FC=DFe?=\r\n\r\n", "Jörg",
    "Grüße", "", NULL },
  { "quoted-printable",
    "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    "f=FCr dich=\r\n!",
    "", "", "für dich!", NULL },
  { "alternative",
    "Content-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n<b>no</b>\r\n"
    "--x\r\nContent-Type: text/plain\r\n\r\nyes\r\n--x--\r\n",
    "", "", "yes", NULL },
  { "attachment",
    "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nSee below\r\n--x\r\nContent-Type: application/pdf\r\n"
    "Content-Disposition: attachment; filename=\"a b.pdf\"\r\n\r\n12345\r\n--x--\r\n",
    "", "", "See below", "a b.pdf, application/pdf, 5 bytes" },
  { "HTML alone", "Content-Type: text/html\r\n\r\n<p>one<p>two", "", "", "one\n\ntwo\n", NULL },
  { "image of the HTML",
    "Content-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\n\r\nyes\r\n--x\r\n"
    "Content-Type: multipart/related; boundary=y\r\n\r\n--y\r\nContent-Type: text/html\r\n\r\n<b>no</b>\r\n--y\r\n"
    "Content-Type: image/png; name=a.png\r\nContent-Transfer-Encoding: base64\r\n\r\nAAEC\r\n--y--\r\n--x--\r\n",
    "", "", "yes", "a.png, image/png, 3 bytes" },
  { "report",
    "Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\n\r\nSorry\r\n--x\r\n"
    "Content-Type: message/delivery-status\r\n\r\nAction: failed\r\n--x\r\n"
    "Content-Type: message/rfc822\r\n\r\nSubject: lost\r\n\r\nText\r\n--x--\r\n",
    "", "", "Sorry\n\nAction: failed\nSubject: lost\n\nText", NULL },
  { "not UTF-8", "Subject: \xff\r\n\r\n\x80\xff", "", "\xef\xbf\xbd", "€ÿ", NULL },
  { "nothing", "", "", "", "", NULL },
};

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (GBytes) mail = g_bytes_new_static (row->mail, strlen (row->mail));
  g_autoptr (WtMailSummary) summary = wt_mail_summary_new (mail);
  g_autoptr (WtMimeMessage) message = wt_mime_message_parse (mail);
  g_autoptr (GPtrArray) attachments = g_ptr_array_new ();
  g_autofree char *text = wt_mail_text (message, attachments);

  g_assert_cmpstr (summary->from, ==, row->from);
  g_assert_cmpstr (summary->subject, ==, row->subject);
  g_assert_cmpuint (summary->size, ==, strlen (row->mail));
  g_assert_cmpstr (text, ==, row->text);
  g_assert_cmpuint (attachments->len, ==, row->attachment != NULL);
  if (row->attachment)
    {
      const WtMimePart *part = attachments->pdata[0];
      g_autofree char *what = wt_mail_part_describe (message, part), *name = wt_mail_part_file_name (part);
      g_autofree char *both = g_strdup_printf ("%s, %s", name, what);

      g_assert_cmpstr (both, ==, row->attachment);
    }
}

/* Names come from strangers. */
static void
test_file_names (void)
{
  static const struct {
    const char *filename, *expected;
  } names[] = {
    { "a b.pdf", "a b.pdf" },   { "../../etc/passwd", "passwd" }, { "/", "attachment" }, { "..", "_.." },
    { ".bashrc", "_.bashrc" },  { "C:\\x\\y.txt", "y.txt" },      { "a\nb", "a_b" },     { NULL, "attachment" },
    { "", "attachment" },       { "x\\", "attachment" },          { "Grüße.txt", "Grüße.txt" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      WtMimePart part = { .filename = (char *) names[i].filename };
      g_autofree char *name = wt_mail_part_file_name (&part);

      g_assert_cmpstr (name, ==, names[i].expected);
    }
}

/* A mail of megabytes is cut, at a whole character, and says so. */
static void
test_long (void)
{
  GString *text = g_string_new ("Content-Type: text/plain; charset=utf-8\r\n\r\n");
  g_autoptr (GBytes) mail = NULL;
  g_autoptr (WtMimeMessage) message = NULL;
  g_autoptr (GPtrArray) attachments = g_ptr_array_new ();
  g_autofree char *shown = NULL, *source = NULL;

  while (text->len < 2 * WT_MAIL_TEXT_MAX)
    g_string_append (text, "€");
  mail = g_string_free_to_bytes (text);
  message = wt_mime_message_parse (mail);
  shown = wt_mail_text (message, attachments);
  source = wt_mail_source (mail);
  g_assert_true (g_utf8_validate (shown, -1, NULL) && g_utf8_validate (source, -1, NULL));
  g_assert_cmpuint (strlen (shown), <, WT_MAIL_TEXT_MAX + 200);
  g_assert_nonnull (strstr (shown, "more are not shown"));
  g_assert_nonnull (strstr (source, "more are not shown"));
}

/* The mail within an SMTP message: dots removed, the end of data not part of it. */
static void
test_of_event (void)
{
  static const char wire[] = "Subject: a\r\n\r\n..dot\r\n.\r\n";
  g_autoptr (GBytes) payload = g_bytes_new_static (wire, strlen (wire));
  WtEvent event = { .kind = WT_EVENT_MESSAGE, .protocol = WT_PROTOCOL_SMTP, .context = WT_CONTEXT_CONTENT,
                    .payload = payload, .payload_len = strlen (wire) };
  g_autoptr (GBytes) mail = wt_mail_of_event (&event);

  g_assert_cmpmem (g_bytes_get_data (mail, NULL), g_bytes_get_size (mail), "Subject: a\r\n\r\n.dot\r\n", 20);
  event.context = WT_CONTEXT_PLAIN;
  g_assert_null (wt_mail_of_event (&event));
}

/* The same from a POP3 server, behind its +OK. */
static void
test_of_response (void)
{
  static const char wire[] = "+OK 20 octets\r\nSubject: a\r\n\r\n..dot\r\n.\r\n";
  g_autoptr (GBytes) payload = g_bytes_new_static (wire, strlen (wire));
  WtEvent event = { .kind = WT_EVENT_MESSAGE, .protocol = WT_PROTOCOL_POP3, .context = WT_CONTEXT_CONTENT,
                    .flags = WT_EVENT_TO_CLIENT, .payload = payload, .payload_len = strlen (wire) };
  g_autoptr (GBytes) mail = wt_mail_of_event (&event);

  g_assert_cmpmem (g_bytes_get_data (mail, NULL), g_bytes_get_size (mail), "Subject: a\r\n\r\n.dot\r\n", 20);
  event.context = WT_CONTEXT_REPLY;
  g_assert_null (wt_mail_of_event (&event));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/mail-text/%s", rows[i].name);

      g_test_add_data_func (path, &rows[i], test_row);
    }
  g_test_add_func ("/mail-text/file-names", test_file_names);
  g_test_add_func ("/mail-text/long", test_long);
  g_test_add_func ("/mail-text/of-event", test_of_event);
  g_test_add_func ("/mail-text/of-response", test_of_response);
  return g_test_run ();
}
