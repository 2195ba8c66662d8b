#include "protocols/mime/mime-codec.h"
#include "protocols/mime/mime-header.h"

#include <string.h>

#define BYTES(text) (const guint8 *) (text), strlen (text)

typedef struct {
  const char *in, *out;
} Row;

static const Row text_rows[] = {
  { "plain", "plain" },
  { "folded\r\n text", "folded text" },
  { "=?utf-8?Q?Gr=C3=BC=C3=9Fe?=", "Grüße" },
  { "=?UTF-8?b?R3LDvMOfZQ==?= an alle", "Grüße an alle" },
  { "=?iso-8859-1?q?a?= =?iso-8859-1?q?b?=", "ab" },             /* RFC 2047 8 */
  { "=?iso-8859-1?q?a?=  b", "a  b" },
  { "=?iso-8859-1?q?a_b?=\r\n =?iso-8859-1?q?=E4?=", "a bä" },
  { "a =?x?= b", "a =?x?= b" },
  { "=?utf-8?Q?no end", "=?utf-8?Q?no end" },
  { "=?nowhere?Q?abc?=", "abc" },                                /* unknown charset, ASCII bytes */
  { "=?utf-8?X?abc?=", "=?utf-8?X?abc?=" },
  { "=?utf-8*de?Q?sch=C3=B6n?=", "schön" },                      /* RFC 2231 5 */
  { "=?utf-8?B?w7w=?= =?utf-8?B?w58=?=", "üß" },
  { "=?utf-8?Q?=C3?= =?utf-8?Q?=BC?=", "ü" },                    /* a character split in two: seen in the wild */
  { "Gr\xc3\xbc\xc3\x9f" "e", "Grüße" },                         /* RFC 6532 */
  { "\xe4", "\xef\xbf\xbd" },
};

typedef struct {
  const char *in, *value, *parameter, *expected;
  gboolean fault;
} ValueRow;

static const ValueRow value_rows[] = {
  { "text/plain; charset=utf-8", "text/plain", "charset", "utf-8", FALSE },
  { "Text/HTML ; Charset = \"iso-8859-1\"", "text/html", "charset", "iso-8859-1", FALSE },
  { "text/plain (comment); charset=(c)us-ascii", "text/plain", "charset", "us-ascii", FALSE },
  { "multipart/mixed; boundary=\"a b\\\"c\"", "multipart/mixed", "boundary", "a b\"c", FALSE },
  { "attachment; filename*=UTF-8''%e2%82%ac%20rates.txt", "attachment", "filename", "€ rates.txt", FALSE },
  { "attachment; filename*0=\"a\"; filename*1=\"b.txt\"", "attachment", "filename", "ab.txt", FALSE },
  { "attachment; filename*1*=%20b; filename*0*=iso-8859-1''%e4", "attachment", "filename", "ä b", FALSE },
  { "attachment; filename=plain.txt; filename*=utf-8''%C3%A4.txt", "attachment", "filename", "ä.txt", FALSE },
  { "attachment; filename=\"=?utf-8?Q?=C3=A4.txt?=\"", "attachment", "filename", "ä.txt", FALSE },
  { "attachment; filename=my file.pdf; x=y", "attachment", "filename", "my file.pdf", FALSE },
  { "text/plain; ; charset=x;", "text/plain", "charset", "x", FALSE },
  { "text/plain; charset", "text/plain", "charset", NULL, TRUE },
  { "text/plain junk; charset=x", "text/plainjunk", "charset", "x", FALSE },
  { "; charset=x", "", "charset", "x", FALSE },
  { "a/b; c=\"unfinished", "a/b", "c", "unfinished", FALSE },
  { "a/b; (unfinished", "a/b", "c", NULL, FALSE },
};

typedef struct {
  const char *in;
  const char *expected; /* addresses as "name|mailbox|group", separated by "; " */
} AddressRow;

static const AddressRow address_rows[] = {
  { "a@b.example", "|a@b.example|" },
  { "Alice <a@b.example>, bob@b.example", "Alice|a@b.example|; |bob@b.example|" },
  { "\"Doe, Jane\" <j@d.example>", "Doe, Jane|j@d.example|" },
  { "=?utf-8?Q?J=C3=BCrgen?= <j@d.example>", "Jürgen|j@d.example|" },
  { "Friends: a@x.example, B <b@x.example>;, c@x.example", "|a@x.example|Friends; B|b@x.example|Friends; |c@x.example|" },
  { "undisclosed-recipients:;", "||undisclosed-recipients" },
  { "<@relay.example,@r2.example:a@b.example>", "|a@b.example|" },
  { "Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>", "Pete|pete@silly.test|" },
  { "\"with space\"@b.example", "|\"with space\"@b.example|" },
  { "a . b @ c . example", "|a.b@c.example|" },
  { ",, a@b.example ,,", "|a@b.example|" },
  { "A. N. Other <a@b.example>", "A. N. Other|a@b.example|" },
  { "<>", "||" },
  { "Alice <a@b.example", "Alice|a@b.example|" },
  { ":;", "||" },
  { "((((", "" },
};

typedef struct {
  const char *in, *expected; /* ISO 8601; NULL: not a date */
} DateRow;

static const DateRow date_rows[] = {
  { "Mon, 23 Nov 2026 15:04:05 +0100", "2026-11-23T15:04:05+01" },
  { "23 Nov 2026 15:04 +0000", "2026-11-23T15:04:00Z" },
  { "Fri, 21 Nov 1997 09(comment):   55  :  06 -0600", "1997-11-21T09:55:06-06" }, /* RFC 5322 A.6.3 */
  { "21 Nov 97 09:55:06 GMT", "1997-11-21T09:55:06Z" },
  { "1 Jan 00 00:00:00 EST", "2000-01-01T00:00:00-05" },
  { "1 Jan 101 00:00:00 Z", "2001-01-01T00:00:00Z" },
  { "Sat, 31 Dec 2016 23:59:60 +0000", "2016-12-31T23:59:59Z" },
  { "31 Feb 2026 00:00:00 +0000", NULL },
  { "yesterday", NULL },
  { "", NULL },
  { "1 Jan 2026", NULL },
};

static void
test_text (gconstpointer data)
{
  const Row *row = data;
  g_autofree char *out = wt_mime_decode_text (BYTES (row->in));
  g_assert_cmpstr (out, ==, row->out);
}

static void
test_value (gconstpointer data)
{
  const ValueRow *row = data;
  g_autoptr (WtMimeValue) value = wt_mime_value_parse (BYTES (row->in));
  g_assert_cmpstr (value->value, ==, row->value);
  g_assert_cmpstr (wt_mime_value_get (value, row->parameter), ==, row->expected);
  g_assert_cmpint (value->fault != WT_MIME_NO_FAULT, ==, row->fault);
}

static void
test_addresses (gconstpointer data)
{
  const AddressRow *row = data;
  g_autoptr (GPtrArray) list = wt_mime_addresses_parse (BYTES (row->in));
  g_autoptr (GString) got = g_string_new (NULL);
  for (guint i = 0; i < list->len; i++)
    {
      const WtMimeAddress *a = g_ptr_array_index (list, i);
      g_string_append_printf (got, "%s%s|%s|%s", i ? "; " : "", a->name ? a->name : "", a->mailbox, a->group ? a->group : "");
    }
  g_assert_cmpstr (got->str, ==, row->expected);
}

static void
test_date (gconstpointer data)
{
  const DateRow *row = data;
  g_autoptr (GDateTime) date = wt_mime_date_parse (BYTES (row->in));
  g_autofree char *got = date ? g_date_time_format_iso8601 (date) : NULL;
  g_assert_cmpstr (got, ==, row->expected);
}

static void
test_encode_text (void)
{
  const char *texts[] = { "plain ASCII", "Grüße", "€", "a =?b?= c",
                          "Ein sehr langer Betreff mit Umlauten äöüß, der über mehrere Zeilen gehen muß, weil er so lang ist" };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *encoded = wt_mime_encode_text (texts[i], strlen ("Subject: "));
      g_autofree char *decoded = wt_mime_decode_text (BYTES (encoded));
      g_assert_cmpstr (decoded, ==, texts[i]);
      g_assert_true (g_str_is_ascii (encoded));
      g_auto (GStrv) lines = g_strsplit (encoded, "\r\n", -1);
      for (guint k = 0; lines[k]; k++)
        g_assert_cmpuint (strlen (lines[k]) + (k ? 0 : strlen ("Subject: ")), <=, 76);
    }
}

static void
test_format (void)
{
  const struct {
    const char *value, *expected;
  } rows[] = {
    { "a.pdf", "; filename=a.pdf" },
    { "a b.pdf", "; filename=\"a b.pdf\"" },
    { "a\"b", "; filename=\"a\\\"b\"" },
    { "ä.txt", "; filename*=utf-8''%C3%A4.txt" },
    { "a\r\nX: y", "; filename*=utf-8''a%0D%0AX%3A%20y" },
    { "", "; filename=\"\"" },
    { "Grüße aus dem Süden, mit Bildern von der See.jpeg",
      "; filename*0*=utf-8''Gr%C3%BC%C3%9Fe%20aus%20dem%20S%C3%BCden%2C%20mit%20;\r\n filename*1*=Bildern%20von%20der%20See.jpeg" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *formatted = wt_mime_parameter_format ("filename", rows[i].value);
      g_assert_cmpstr (formatted, ==, rows[i].expected);
      g_autofree char *field = g_strconcat ("attachment", formatted, NULL);
      g_autoptr (WtMimeValue) back = wt_mime_value_parse (BYTES (field));
      g_assert_cmpstr (wt_mime_value_get (back, "filename"), ==, rows[i].value);
    }
}

static void
add_rows (const char *group, gconstpointer rows, gsize size, guint n_rows, GTestDataFunc func)
{
  for (guint i = 0; i < n_rows; i++)
    {
      g_autofree char *path = g_strdup_printf ("/mime/%s/%u", group, i);
      g_test_add_data_func (path, (const char *) rows + i * size, func);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_rows ("text", text_rows, sizeof (Row), G_N_ELEMENTS (text_rows), test_text);
  add_rows ("value", value_rows, sizeof (ValueRow), G_N_ELEMENTS (value_rows), test_value);
  add_rows ("addresses", address_rows, sizeof (AddressRow), G_N_ELEMENTS (address_rows), test_addresses);
  add_rows ("date", date_rows, sizeof (DateRow), G_N_ELEMENTS (date_rows), test_date);
  g_test_add_func ("/mime/encode-text", test_encode_text);
  g_test_add_func ("/mime/format-parameter", test_format);
  return g_test_run ();
}
