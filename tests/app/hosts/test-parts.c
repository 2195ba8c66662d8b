/* Parts of mail server and client by themselves: verdicts, trace headers, envelopes, reports, what a client writes. */
#include "app/hosts/mail-compose.h"
#include "app/hosts/mail-server-private.h"
#include "protocols/mime/mime-parser.h"
#include "tests/app/hosts/net.h"

#include <glib/gstdio.h>
#include <string.h>

/* --- verdicts ----------------------------------------------------------------------------------------------------- */

static const struct {
  guint code;
  const char *text;
  const char *enhanced, *line;
} verdicts[] = {
  { 550, "5.1.1 no such user", "5.1.1", "550 5.1.1 no such user" },
  { 550, "5.1.1 no such user\n5.1.1 try another", "5.1.1", "550 5.1.1 no such user try another" },
  { 250, "OK", "", "250 OK" },
  { 450, "4.2 not enhanced", "", "450 4.2 not enhanced" },
  { 0, "Connection refused", "", "Connection refused" },
  { 554, "", "", "554 " },
  { 550, "5.1.10", "5.1.10", "550 5.1.10 " },
};

static void
test_verdicts (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (verdicts); i++)
    {
      WtMailVerdict verdict = { 0 };
      wt_mail_verdict_from_reply (&verdict, verdicts[i].code, verdicts[i].text);
      g_autofree char *line = wt_mail_verdict_to_string (&verdict);
      g_assert_cmpstr (verdict.enhanced, ==, verdicts[i].enhanced);
      g_assert_cmpstr (line, ==, verdicts[i].line);
      wt_mail_verdict_clear (&verdict);
    }
}

/* --- trace headers ------------------------------------------------------------------------------------------------ */

static const struct {
  const char *message;
  const char *stamped; /* with <a@b.example> */
  guint received;
} mails[] = {
  { "Subject: x\r\n\r\nbody\r\n", "Return-Path: <a@b.example>\r\nSubject: x\r\n\r\nbody\r\n", 0 },
  { "Received: 1\r\nReturn-Path: <old>\r\nreceived: 2\r\n folded\r\n\r\nReceived: 3\r\n",
    "Return-Path: <a@b.example>\r\nReceived: 1\r\nreceived: 2\r\n folded\r\n\r\nReceived: 3\r\n", 2 },
  { "return-path: <1>\r\nRETURN-PATH: <2>\r\n\r\n", "Return-Path: <a@b.example>\r\n\r\n", 0 },
  { "\r\nReturn-Path: <body>\r\n", "Return-Path: <a@b.example>\r\n\r\nReturn-Path: <body>\r\n", 0 },
  { "", "Return-Path: <a@b.example>\r\n", 0 },
  { "Received: no end", "Return-Path: <a@b.example>\r\nReceived: no end", 1 },
};

static void
test_return_path (void)
{
  g_autoptr (WtSmtpPath) sender = wt_smtp_path_new ("a", "b.example");
  for (guint i = 0; i < G_N_ELEMENTS (mails); i++)
    {
      g_autoptr (GBytes) message = g_bytes_new_static (mails[i].message, strlen (mails[i].message));
      g_autoptr (GBytes) stamped = wt_mail_stamp_return_path (message, sender);
      g_autofree char *text = g_strndup (g_bytes_get_data (stamped, NULL), g_bytes_get_size (stamped));
      g_assert_cmpstr (text, ==, mails[i].stamped);
      g_assert_cmpuint (wt_mail_count_received (message), ==, mails[i].received);
    }
}

static void
test_received (void)
{
  g_autoptr (GBytes) message = g_bytes_new_static ("Subject: x\r\n\r\n", 14);
  g_autoptr (WtSmtpPath) recipient = wt_smtp_path_new ("b c", "example.org");
  WtMailStamp stamp = { .helo = "pc.example",
                        .client = { 0x0a000101, 40000 },
                        .esmtp = TRUE,
                        .hostname = "mx.example.org",
                        .id = "ID1",
                        .recipient = recipient,
                        .date = "Wed, 25 Nov 2026 15:00:00 +0000" };
  g_autoptr (GBytes) stamped = wt_mail_stamp_received (message, &stamp);
  g_autofree char *text = g_strndup (g_bytes_get_data (stamped, NULL), g_bytes_get_size (stamped));
  g_assert_cmpstr (text, ==,
                   "Received: from pc.example ([10.0.1.1])\r\n"
                   "\tby mx.example.org with ESMTP id ID1\r\n"
                   "\tfor <\"b c\"@example.org>; Wed, 25 Nov 2026 15:00:00 +0000\r\n"
                   "Subject: x\r\n\r\n");
}

/* --- envelopes ---------------------------------------------------------------------------------------------------- */

static Net *
new_net (WtMailServer **server)
{
  Net *net = net_new_pair (1, "domains", "example.org", "users", "alice:x", NULL);
  *server = (WtMailServer *) net_host (net, "mail")->host;
  return net;
}

static WtMailEntry *
new_entry (WtMailServer *server, gboolean utf8)
{
  g_autoptr (GBytes) message = utf8 ? g_bytes_new_static ("Subject: gr\xc3\xbc\xc3\x9f\x65\r\n\r\nx\r\n", 23)
                                    : g_bytes_new_static ("Subject: x\r\n\r\nx\r\n", 17);
  g_autoptr (WtSmtpPath) sender = wt_smtp_path_new ("alice", "example.org");
  g_autoptr (WtSmtpPath) bob = wt_smtp_path_new (utf8 ? "b\xc3\xb6" "b" : "b ob", "b.example");
  g_autoptr (WtSmtpPath) carol = wt_smtp_path_new ("carol", "b.example");
  WtMailEntry *entry = wt_mail_entry_new (server, "ID1", sender, message, &(WtSmtpMailParams){ .smtputf8 = utf8 });
  WtMailRecipient *first = wt_mail_entry_add (entry, bob);
  wt_mail_entry_add (entry, carol);
  first->state = WT_MAIL_FAILED;
  first->remote = g_strdup ("mx.b.example");
  wt_mail_verdict_set (&first->verdict, 550, "5.1.1", "unknown; \"here\"\nsecond [line] = \xc3\xa4");
  entry->n_tries = 3;
  return entry;
}

static void
test_envelope (void)
{
  for (guint utf8 = 0; utf8 < 2; utf8++)
    {
      WtMailServer *server;
      Net *net = new_net (&server);
      WtMailEntry *entry = new_entry (server, utf8);
      g_autoptr (GBytes) envelope = wt_mail_entry_to_envelope (entry);
      g_autoptr (GError) error = NULL;
      WtMailEntry *again = wt_mail_entry_from_envelope (server, "ID1", envelope, entry->message, &error);
      g_assert_no_error (error);
      g_autoptr (GBytes) second = wt_mail_entry_to_envelope (again);
      g_assert_true (g_bytes_equal (envelope, second));
      g_assert_cmpuint (again->recipients->len, ==, 2);
      WtMailRecipient *first = g_ptr_array_index (again->recipients, 0);
      g_assert_cmpint (first->state, ==, WT_MAIL_FAILED);
      g_assert_cmpstr (first->path->local_part, ==, utf8 ? "b\xc3\xb6" "b" : "b ob");
      g_assert_cmpstr (first->verdict.text, ==, "unknown; \"here\"\nsecond [line] = \xc3\xa4");
      g_assert_cmpuint (again->n_tries, ==, 3);
      wt_mail_entry_free (again);
      wt_mail_entry_free (entry);
      net_free (net);
    }
}

/* Any cut or overwritten byte gives an entry or an error, nothing else. */
static void
test_damaged_envelope (void)
{
  WtMailServer *server;
  Net *net = new_net (&server);
  WtMailEntry *entry = new_entry (server, FALSE);
  g_autoptr (GBytes) envelope = wt_mail_entry_to_envelope (entry);
  gsize size;
  const guint8 *bytes = g_bytes_get_data (envelope, &size);
  static const guint8 wrong[] = { '@', 0xff, '\\' };
  for (gsize i = 0; i < G_N_ELEMENTS (wrong) * size; i++)
    {
      g_autofree guint8 *copy = g_memdup2 (bytes, size);
      copy[i % size] = wrong[i / size];
      g_autoptr (GBytes) damaged = g_bytes_new (copy, i % 3 ? size : i % size);
      g_autoptr (GError) error = NULL;
      WtMailEntry *read = wt_mail_entry_from_envelope (server, "ID1", damaged, entry->message, &error);
      g_assert_true ((read != NULL) == (error == NULL));
      wt_mail_entry_free (read);
    }
  wt_mail_entry_free (entry);
  net_free (net);
}

/* A queue file that cannot be read is said so, and stays. */
static void
test_unreadable_queue (void)
{
  WtMailServer *server;
  Net *net = new_net (&server);
  g_autoptr (GBytes) junk = g_bytes_new_static ("junk", 4);
  wt_mail_store_queue_put (net->store, "mail", "BAD", junk, junk, NULL, NULL);
  net_down_at (net, SEC, "mail");
  net_up_at (net, 2 * SEC, "mail");
  net_run (net, 3 * SEC);
  g_assert_cmpuint (net_noted (net, "Queued mail BAD cannot be read"), ==, 1);
  net_free (net);
}

/* --- reports ------------------------------------------------------------------------------------------------------ */

/* With SMTPUTF8 the parts are those of RFC 6533, without it the report is ASCII whatever the other server said. */
static void
test_report (void)
{
  for (guint utf8 = 0; utf8 < 2; utf8++)
    {
      WtMailServer *server;
      Net *net = new_net (&server);
      WtMailEntry *entry = new_entry (server, utf8);
      g_autoptr (GBytes) report = wt_mail_report_new (entry, entry->sender, 0, "R1");
      g_autofree char *text = g_strndup (g_bytes_get_data (report, NULL), g_bytes_get_size (report));
      g_assert_cmpint (g_str_is_ascii (text), ==, !utf8);
      assert_holds (text, utf8 ? "Final-Recipient: utf-8; b\xc3\xb6" "b@b.example\r\n" : "Final-Recipient: rfc822; \"b ob\"@b.example\r\n");
      assert_holds (text, utf8 ? "Content-Type: message/global-delivery-status\r\n" : "Content-Type: message/delivery-status\r\n");
      assert_holds (text, utf8 ? "Content-Type: message/global\r\n" : "Content-Type: message/rfc822\r\n");
      assert_holds (text, "second [line] = ");
      g_assert_null (strstr (text, "carol"));
      g_autoptr (WtMimeMessage) parsed = wt_mime_message_parse (report);
      wt_mime_message_check (parsed);
      g_assert_cmpuint (parsed->defects->len, ==, 0);
      wt_mail_entry_free (entry);
      net_free (net);
    }
}

/* --- what a client writes ----------------------------------------------------------------------------------------- */

static const struct {
  const char *name;
  const char *subject, *text;
  gsize fill;
  const char *encoding, *charset;
} drafts[] = {
  { "plain", "Hello", "Hello\nBob", 0, "7bit", "us-ascii" },
  { "empty", "", "", 0, "7bit", "us-ascii" },
  { "umlauts", "Grüße aus Köln", "Schöne Grüße\n.\n..\nFrom here", 0, "quoted-printable", "utf-8" },
  { "two lines of subject", "one\nBcc: eve@example.org", "x", 0, "7bit", "us-ascii" },
  { "CR LF already", "x", "one\r\ntwo\rthree", 0, "7bit", "us-ascii" },
  { "filled", "x", "start", 5000, "7bit", "us-ascii" },
  { "emoji", "\xf0\x9f\x93\xa7 mail", "\xf0\x9f\x93\xa7", 300, "quoted-printable", "utf-8" },
};

static char *
expected_text (const char *text)
{
  g_autoptr (GString) lines = g_string_new (text);
  g_string_replace (lines, "\r\n", "\n", 0);
  g_string_replace (lines, "\r", "\n", 0);
  g_string_replace (lines, "\n", "\r\n", 0);
  return g_strdup (lines->str);
}

static void
test_draft (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  static const char *const to[] = { "bob@example.org", "carol@example.org", NULL };
  WtMailDraft draft = { .from = "alice@example.org", .to = to, .subject = drafts[i].subject, .text = drafts[i].text,
                        .fill = drafts[i].fill, .message_id = "id@x", .wall_time = 1795618800000000 };
  g_autoptr (GBytes) mail = wt_mail_compose (&draft);
  g_autoptr (WtMimeMessage) parsed = wt_mime_message_parse (mail);
  wt_mime_message_check (parsed);
  g_assert_cmpuint (parsed->defects->len, ==, 0);
  g_assert_cmpstr (wt_mime_encoding_name (parsed->root->encoding), ==, drafts[i].encoding);
  g_assert_cmpstr (parsed->root->charset, ==, drafts[i].charset);
  g_assert_null (wt_mime_part_header (parsed, parsed->root, "Bcc"));
  g_autofree char *subject = wt_mime_part_header_text (parsed, parsed->root, "Subject");
  g_autofree char *wanted = g_strdelimit (g_strdup (drafts[i].subject), "\n", ' ');
  g_assert_cmpstr (subject, ==, wanted);
  g_autofree char *text = wt_mime_part_text (parsed, parsed->root, NULL);
  g_autofree char *start = expected_text (drafts[i].text);
  g_assert_true (g_str_has_prefix (text, start));
  g_assert_cmpuint (strlen (text), >=, drafts[i].fill);
  g_assert_cmpuint (strlen (text), <=, MAX (drafts[i].fill, strlen (start)) + 100);
}

/* --- drafts with files -------------------------------------------------------------------------------------------- */

typedef struct {
  const char *name, *text, *html;
  const char *shown_html; /* of the mail, without its frame */
} IllustratedDraft;

static const IllustratedDraft illustrated[] = {
  { "named", "Hi", "<p><img src='cid:a.png'></p>", "<p><img src='cid:image1.id@x'></p>\r\n" },
  { "not named", "Hi", "<p>Hi</body>", "<p>Hi<p><img src=\"cid:image1.id@x\" alt=\"a.png\"></p>\r\n</body>\r\n" },
  { "another name", "Hi", "<img src='cid:a.png2'>",
    "<img src='cid:a.png2'><p><img src=\"cid:image1.id@x\" alt=\"a.png\"></p>\r\n" },
  { "from the text", "Hi", NULL,
    "<!DOCTYPE html>\r\n<html><body>\r\n<p>Hi</p>\r\n<p><img src=\"cid:image1.id@x\" alt=\"a.png\"></p>\r\n</body></html>\r\n" },
};

static const WtMimePart *
find_part (const WtMimePart *part, const char *type)
{
  const WtMimePart *found = strcmp (part->content_type, type) == 0 ? part : NULL;
  for (guint i = 0; found == NULL && part->parts && i < part->parts->len; i++)
    found = find_part (part->parts->pdata[i], type);
  return found;
}

/* An image within the text and the same file attached: both arrive, and the HTML names the image by its Content-ID. */
static void
test_illustrated (gconstpointer data)
{
  const IllustratedDraft *row = &illustrated[GPOINTER_TO_UINT (data)];
  static const char *const to[] = { "bob@example.org", NULL };
  g_autofree char *folder = g_dir_make_tmp ("wiretalk-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a.png", NULL);
  const char *paths[] = { path, NULL };
  g_assert_true (g_file_set_contents (path, "\x89PNG\r\n\x1a\nxx", 10, NULL));
  g_autoptr (GPtrArray) images = wt_mail_files_read (paths, NULL), attachments = wt_mail_files_read (paths, NULL);
  WtMailDraft draft = { .from = "alice@example.org", .to = to, .subject = "", .text = row->text, .html = row->html,
                        .images = images, .attachments = attachments, .message_id = "id@x" };
  g_autoptr (GBytes) mail = wt_mail_compose (&draft);
  g_autoptr (WtMimeMessage) message = wt_mime_message_parse (mail);
  const WtMimePart *html = find_part (message->root, "text/html"), *image = find_part (message->root, "image/png");
  g_autofree char *shown = wt_mime_part_text (message, html, NULL);
  g_autofree char *id = wt_mime_part_header_text (message, image, "Content-ID");
  g_autoptr (GByteArray) bytes = wt_mime_part_decode (message, image, NULL);
  g_assert_cmpstr (shown, ==, row->shown_html);
  g_assert_cmpstr (id, ==, "<image1.id@x>");
  g_assert_cmpstr (image->filename, ==, "a.png");
  g_assert_cmpmem (bytes->data, bytes->len, "\x89PNG\r\n\x1a\nxx", 10);
  g_assert_cmpuint (message->n_parts, ==, 7);
  g_remove (path);
  g_rmdir (folder);
}

static void
test_files (void)
{
  static const char *const missing[] = { "/nowhere/a.png", NULL }, *const folder[] = { "/", NULL };
  g_autoptr (GError) error = NULL, other = NULL;
  g_assert_null (wt_mail_files_read (missing, &error));
  g_assert_cmpstr (error->message, ==, "“/nowhere/a.png” cannot be read: No such file or directory");
  g_assert_null (wt_mail_files_read (folder, &other));
  g_assert_cmpstr (other->message, ==, "“/” is no file");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hosts/parts/verdicts", test_verdicts);
  g_test_add_func ("/hosts/parts/return-path", test_return_path);
  g_test_add_func ("/hosts/parts/received", test_received);
  g_test_add_func ("/hosts/parts/envelope", test_envelope);
  g_test_add_func ("/hosts/parts/envelope-damaged", test_damaged_envelope);
  g_test_add_func ("/hosts/parts/queue-unreadable", test_unreadable_queue);
  g_test_add_func ("/hosts/parts/report", test_report);
  net_add_table ("/hosts/parts/draft", G_N_ELEMENTS (drafts), &drafts[0].name, sizeof drafts[0], test_draft);
  net_add_table ("/hosts/parts/illustrated", G_N_ELEMENTS (illustrated), &illustrated[0].name, sizeof illustrated[0],
                 test_illustrated);
  g_test_add_func ("/hosts/parts/files", test_files);
  return g_test_run ();
}
