/* The parts of IMAP's syntax by themselves: names, wildcards, sets, dates, literals. */
#include "protocols/imap/imap-input.h"
#include "protocols/imap/imap-names.h"
#include "protocols/imap/imap-parser.h"
#include "protocols/imap/imap-reply.h"
#include "protocols/imap/imap-search.h"

#include <string.h>

/* --- names ---------------------------------------------------------------------------------------------------------- */

static const struct {
  const char *utf8, *wire;
} names[] = {
  { "INBOX", "INBOX" },
  { "a&b", "a&-b" },
  { "Entw\xc3\xbcrfe", "Entw&APw-rfe" },
  { "~peter/mail/\xe5\x8f\xb0\xe5\x8c\x97/\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", "~peter/mail/&U,BTFw-/&ZeVnLIqe-" }, /* RFC 9051 A.1 */
  { "\xf0\x9f\x93\xac", "&2D3c7A-" }, /* a surrogate pair */
};

static void
test_names (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *wire = wt_imap_name_encode (names[i].utf8);
      g_autofree char *utf8 = wt_imap_name_decode (names[i].wire, strlen (names[i].wire));
      g_assert_cmpstr (wire, ==, names[i].wire);
      g_assert_cmpstr (utf8, ==, names[i].utf8);
    }
}

static void
test_bad_names (void)
{
  /* not ended, not base64, half a pair, padding that is not zero, NUL, what needs no shift */
  static const char *const bad[] = { "&", "&APw", "&!-", "&2D0-", "&APx-", "&AAA-", "&AGE-", "\xff" };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *utf8 = wt_imap_name_decode (bad[i], strlen (bad[i]));
      g_test_message ("%s", bad[i]);
      g_assert_null (utf8);
    }
}

static const struct {
  const char *pattern, *name;
  gboolean matches;
} patterns[] = {
  { "*", "a/b", TRUE },      { "%", "a/b", FALSE },     { "%/%", "a/b", TRUE },   { "a*", "a/b/c", TRUE },  { "a%", "a/b", FALSE },
  { "a/%", "a/b/c", FALSE }, { "*c", "a/b/c", TRUE },   { "%c", "abc", TRUE },    { "", "", TRUE },         { "", "a", FALSE },
  { "*%", "a/b", TRUE },     { "%*", "a/b", TRUE },     { "a*b%c", "axbybzc", TRUE }, { "a*b%c", "axb/c", FALSE },
  { "inbox", "INBOX", TRUE }, { "in*", "INBOX", TRUE }, { "inbox2", "INBOX2", FALSE }, { "*/%/x", "a/b/c/x", TRUE }, { "%%%%", "abc", TRUE },
};

static void
test_patterns (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (patterns); i++)
    {
      g_test_message ("%s %s", patterns[i].pattern, patterns[i].name);
      g_assert_cmpint (wt_imap_name_matches (patterns[i].pattern, patterns[i].name, '/'), ==, patterns[i].matches);
    }
  /* in time that grows with the product, not with the power */
  g_autofree char *name = g_strnfill (5000, 'a');
  g_autoptr (GString) pattern = g_string_new (NULL);
  for (guint i = 0; i < 1000; i++)
    g_string_append (pattern, "*a");
  g_string_append (pattern, "b");
  g_assert_false (wt_imap_name_matches (pattern->str, name, '/'));
}

/* --- sets ----------------------------------------------------------------------------------------------------------- */

static const struct {
  const char *text, *numbers; /* of 1 to 9, highest 9; NULL: no set */
} sets[] = {
  { "1", "1" }, { "2:4,9", "2 3 4 9" }, { "4:2", "2 3 4" }, { "*", "9" }, { "*:8", "8 9" }, { "7:*", "7 8 9" }, { "20:*", "9" },
  { "1,1,1:2", "1 2" }, { "5,3,4", "3 4 5" }, { "0", NULL }, { "1:", NULL }, { ",1", NULL }, { "1,", NULL }, { "99999999999", NULL }, { "x", NULL },
};

static void
test_sets (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (sets); i++)
    {
      WtImapSet set;
      gsize used;
      wt_imap_set_init (&set);
      g_test_message ("%s", sets[i].text);
      gboolean fine = wt_imap_set_parse (&set, (const guint8 *)sets[i].text, strlen (sets[i].text), &used);
      g_assert_cmpint (fine, ==, sets[i].numbers != NULL);
      g_autoptr (GString) numbers = g_string_new (NULL);
      wt_imap_set_resolve (&set, 9);
      for (guint n = 1; fine && n <= 9; n++)
        if (wt_imap_set_has (&set, n))
          g_string_append_printf (numbers, "%s%u", numbers->len ? " " : "", n);
      if (fine)
        g_assert_cmpstr (numbers->str, ==, sets[i].numbers);
      wt_imap_set_clear (&set);
    }
  static const guint32 list[] = { 1, 2, 3, 7, 9, 10 };
  g_autoptr (GString) text = g_string_new (NULL);
  wt_imap_set_write (text, list, G_N_ELEMENTS (list));
  g_assert_cmpstr (text->str, ==, "1:3,7,9:10");
}

/* --- dates, strings ------------------------------------------------------------------------------------------------- */

static void
test_dates (void)
{
  static const struct {
    const char *text;
    gint64 seconds; /* -1: no date */
  } dates[] = { { "\" 1-Jan-1970 00:00:00 +0000\"", 0 },
                { "\"17-Jul-1996 02:44:25 -0700\"", 837596665 },
                { "\"29-Feb-2000 23:59:60 +1400\"", 951818400 },
                { "\"29-Feb-2001 00:00:00 +0000\"", -1 },
                { "\"1-Jan-1970 24:00:00 +0000\"", -1 },
                { "\"1-Jan-1970 00:00:00\"", -1 },
                { "\"1-Foo-1970 00:00:00 +0000\"", -1 },
                { "1-Jan-1970", -1 } };
  for (gsize i = 0; i < G_N_ELEMENTS (dates); i++)
    {
      WtImapParser parser = { .bytes = (const guint8 *)dates[i].text, .n_bytes = strlen (dates[i].text) };
      gint64 seconds;
      g_test_message ("%s", dates[i].text);
      gboolean fine = wt_imap_parser_date_time (&parser, &seconds);
      g_assert_cmpint (fine, ==, dates[i].seconds >= 0);
      if (fine)
        g_assert_cmpint (seconds, ==, dates[i].seconds);
      g_assert_cmpint (parser.error != NULL, ==, !fine);
    }
}

static void
test_strings_out (void)
{
  static const struct {
    const char *text, *wire;
  } strings[] = { { NULL, "NIL" },
                  { "", "\"\"" },
                  { "a \"b\" \\", "\"a \\\"b\\\" \\\\\"" },
                  { "a\r\nb", "{4}\r\na\r\nb" },
                  { "\xc3\xa4", "{2}\r\n\xc3\xa4" } };
  for (gsize i = 0; i < G_N_ELEMENTS (strings); i++)
    {
      g_autoptr (GByteArray) out = g_byte_array_new ();
      wt_imap_put_text (out, strings[i].text);
      g_assert_cmpmem (out->data, out->len, strings[i].wire, strlen (strings[i].wire));
    }
}

/* --- input ---------------------------------------------------------------------------------------------------------- */

/* C: command, L: literal that waits, T: too long; with what has come since the one before. */
static const struct {
  const char *text, *results;
} inputs[] = {
  { "a NOOP\r\nb NOOP\r\n", "C:a NOOP\r\n|C:b NOOP\r\n|" },
  { "a X {3}\r\nabc y\r\n", "L:a X {3}\r\n|C:abc y\r\n|" },
  { "a X {3+}\r\nabc {0}\r\n\r\n", "L:a X {3+}\r\nabc {0}\r\n|C:\r\n|" },
  { "a X \"q {3}\r\nb\r\n", "C:a X \"q {3}\r\n|C:b\r\n|" },
  { "a X \"q\" {3}\r\n\r\n\r\n\r\n", "L:a X \"q\" {3}\r\n|C:\r\n\r\n\r\n|" },
  { "a {x}\r\nb {}\r\nc }\r\n", "C:a {x}\r\n|C:b {}\r\n|C:c }\r\n|" },
  { "a X {40+}\r\n0123456789012345678901234567890123456789 {3+}\r\nabc\r\nb\r\n", "T:a X {40+}\r\n|C:b\r\n|" },
  { "a APPEND x {41+}\r\n01234567890123456789012345678901234567890\r\nb APPEND x {41+}\r\n0123456789012345678901234567890123456789\r\r\n",
    "C:a APPEND x {41+}\r\n01234567890123456789012345678901234567890\r\n|C:b APPEND x {41+}\r\n0123456789012345678901234567890123456789\r\r\n|" },
  { "a\nb\rc\r\n", "C:a\nb\rc\r\n|" },
};

static char *
read_all (const char *text, gsize split)
{
  g_autoptr (WtImapInput) input = wt_imap_input_new ();
  GString *results = g_string_new (NULL);
  gsize n_bytes = strlen (text);
  WtImapInputPart part;
  wt_imap_input_set_max (input, 40);
  wt_imap_input_set_append_max (input, 50);
  for (gsize at = 0; at < n_bytes;)
    {
      gsize n = split == 0 ? 1 : at < split ? MIN (split, n_bytes) : n_bytes - at;
      wt_imap_input_feed (input, (const guint8 *)text + at, n);
      at += n;
      for (WtImapInputResult result; (result = wt_imap_input_next (input, &part)) != WT_IMAP_INPUT_NONE;)
        {
          gboolean kept = result != WT_IMAP_INPUT_TOO_LONG;
          const guint8 *from = kept ? part.bytes + part.n_bytes - part.new_bytes : part.bytes;
          gsize length = kept ? part.new_bytes : MIN (part.n_bytes, 11);
          g_string_append_printf (results, "%c:%.*s|", ".CLT"[result], (int)length, from);
          if (result == WT_IMAP_INPUT_LITERAL)
            wt_imap_input_accept_literal (input);
        }
    }
  return g_string_free (results, FALSE);
}

static void
test_input (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (inputs); i++)
    for (gsize split = 0; split <= strlen (inputs[i].text); split++)
      {
        g_autofree char *results = read_all (inputs[i].text, split);
        g_test_message ("%" G_GSIZE_FORMAT " at %" G_GSIZE_FORMAT, i, split);
        g_assert_cmpstr (results, ==, inputs[i].results);
      }
}

/* Each key may have to look through all of each mail. */
static void
test_many_keys (void)
{
  for (guint n = WT_IMAP_TEXT_KEYS_MAX; n <= WT_IMAP_TEXT_KEYS_MAX + 1; n++)
    {
      g_autoptr (GString) keys = g_string_new ("UNSEEN");
      for (guint i = 0; i < n; i++)
        g_string_append (keys, i % 2 ? " (BODY a)" : " NOT TEXT b");
      WtImapParser parser = { .bytes = (const guint8 *) keys->str, .n_bytes = keys->len };
      WtImapKey *key = wt_imap_key_parse (&parser);
      g_assert_cmpint (key != NULL, ==, n <= WT_IMAP_TEXT_KEYS_MAX);
      g_clear_pointer (&key, wt_imap_key_free);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap/parts/names", test_names);
  g_test_add_func ("/imap/parts/bad names", test_bad_names);
  g_test_add_func ("/imap/parts/patterns", test_patterns);
  g_test_add_func ("/imap/parts/sets", test_sets);
  g_test_add_func ("/imap/parts/dates", test_dates);
  g_test_add_func ("/imap/parts/strings out", test_strings_out);
  g_test_add_func ("/imap/parts/input", test_input);
  g_test_add_func ("/imap/parts/many keys", test_many_keys);
  return g_test_run ();
}
