/* HTML as text, and text as HTML. */
#include "protocols/mime/mime-html.h"

#include <string.h>

typedef struct {
  const char *html, *text;
} Row;

static const Row rows[] = {
  { "", "" },
  { "plain", "plain\n" },
  { "<p>One</p><p>Two</p>", "One\n\nTwo\n" },
  { "a<br>b<BR/>c<br><br>d", "a\nb\nc\n\nd\n" },
  { "  many \n\t spaces  and <b>bold</b> <i>words</i> ", "many spaces and bold words\n" },
  { "<ul><li>one</li><li>two</li></ul>after", "• one\n• two\n\nafter\n" },
  { "<head><title>no</title><style>p { x: y }</style></head><script>if (a < b) alert('</b>')</script>yes", "yes\n" },
  { "<script>never closed", "" },
  { "a &lt;b&gt; &amp; &quot;c&quot; &auml;&#8364;&#x20ac; &unknown; &; 1 & 2", "a <b> & \"c\" ä€€ &unknown; &; 1 & 2\n" },
  { "&#0;&#xd800;&#x110000;&#99999999;", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\n" },
  { "<a href=\"https://example.org/\">here</a> and <a href='https://example.net/'>https://example.net/</a>",
    "here <https://example.org/> and https://example.net/\n" },
  { "<a href=mailto:a@b.org>a@b.org</a> <a href=\"#top\">top</a>", "a@b.org top\n" },
  { "<a href=x>never closed", "never closed <x>\n" },
  { "<img src=\"cid:1\" alt=\"A cat\"> <img src=x> <img alt='a > b'>", "[A cat] [a > b]\n" },
  { "<pre>a  b\n  c</pre>", "a  b\n  c\n" },
  { "<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>", "1 2\n3\n" },
  { "a<!-- <b>no</b> -->b<!doctype html>c<?xml?>d", "abcd\n" },
  { "a<!-- never closed", "a\n" },
  { "1 < 2 <3 </ x", "1 < 2 <3 </ x\n" },
  { "a<b", "a\n" },
  { "a<p title=\"never closed>b</p>", "a\n\nb\n" },
  { "\xff<p>\xc3", "\xef\xbf\xbd\n\n\xef\xbf\xbd\n" },
};

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autofree char *text = wt_mime_html_to_text (row->html);
  g_assert_cmpstr (text, ==, row->text);
}

static void
test_to_html (void)
{
  g_autoptr (GPtrArray) images = g_ptr_array_new ();
  g_ptr_array_add (images, "a&b@example.org");
  g_autofree char *html = wt_mime_text_to_html ("Hello <Bob>,\r\n\r\none\ntwo\n", images);
  g_autofree char *back = wt_mime_html_to_text (html);
  g_assert_cmpstr (html, ==,
                   "<!DOCTYPE html>\n<html><body>\n<p>Hello &lt;Bob&gt;,</p>\n<p>one<br>\ntwo</p>\n"
                   "<p><img src=\"cid:a&amp;b@example.org\"></p>\n</body></html>\n");
  g_assert_cmpstr (back, ==, "Hello <Bob>,\n\none\ntwo\n");
}

/* What would be slow if each look went to the end of the text. */
static void
test_linear (void)
{
  static const char *const pieces[] = { "<", "<a ", "&", "<a href=\"", "<!", "</", "<p>", "<script></", "<a href=x>", "&#", "=\"" };
  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      GString *html = g_string_new (NULL);
      while (html->len < 500000)
        g_string_append (html, pieces[i]);
      gint64 start = g_get_monotonic_time ();
      g_autofree char *text = wt_mime_html_to_text (html->str);
      g_test_message ("%s: %.3f s", pieces[i], (g_get_monotonic_time () - start) / 1e6);
      g_assert_cmpuint (strlen (text), <, 3 * html->len);
      g_string_free (html, TRUE);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/mime-html/%u", i);
      g_test_add_data_func (path, &rows[i], test_row);
    }
  g_test_add_func ("/mime-html/to-html", test_to_html);
  g_test_add_func ("/mime-html/linear", test_linear);
  return g_test_run ();
}
