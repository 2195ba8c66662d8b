/* Text that a single dot ends, as it goes on the wire; and pieces taken from a queue. */
#include "protocols/base/byte-queue.h"
#include "protocols/base/dot-text.h"

#include <string.h>

static const struct
{
  const char *name, *text, *wire;
} texts[] = {
  { "empty", "", ".\r\n" },
  { "plain", "a\r\nb\r\n", "a\r\nb\r\n.\r\n" },
  { "no CRLF at the end", "a", "a\r\n.\r\n" },
  { "CR at the end", "a\r", "a\r\r\n.\r\n" },
  { "dot first", ".a\r\n", "..a\r\n.\r\n" },
  { "dot alone", ".", "..\r\n.\r\n" },
  { "dots inside", "a.b\r\nc..\r\n", "a.b\r\nc..\r\n.\r\n" },
  { "lines of dots", "a\r\n.\r\n..\r\n.b\r\n", "a\r\n..\r\n...\r\n..b\r\n.\r\n" },
  { "dot behind a bare LF", "a\n.b\r\n", "a\n.b\r\n.\r\n" },
  { "dot behind a bare CR", "a\r.b\r\n", "a\r.b\r\n.\r\n" },
  { "dot last", "a\r\n.", "a\r\n..\r\n.\r\n" },
};

static void
test_stuff (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  gsize size, n = strlen (texts[i].text);
  g_autoptr (GBytes) wire = wt_dot_text_stuff_after ("+OK .\r\n", 7, (const guint8 *) texts[i].text, n);
  const char *bytes = g_bytes_get_data (wire, &size);
  g_assert_cmpmem (bytes, 7, "+OK .\r\n", 7);
  g_assert_cmpmem (bytes + 7, size - 7, texts[i].wire, strlen (texts[i].wire));
  g_autoptr (GBytes) back = wt_dot_text_unstuff ((const guint8 *) bytes + 7, size - 7 - WT_DOT_TEXT_END);
  g_assert_cmpmem (g_bytes_get_data (back, NULL), MIN (n, g_bytes_get_size (back)), texts[i].text, n);
}

/* Large pieces are given as they are, small ones together, and all of them in their order. */
static void
test_take_some (void)
{
  static const gsize sizes[] = { 10, 20, 5000, 30, 1024, 1023, 0, 7 };
  WtByteQueue queue;
  g_autoptr (GByteArray) all = g_byte_array_new (), taken = g_byte_array_new ();
  guint n_taken = 0;
  wt_byte_queue_init (&queue);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree guint8 *bytes = g_malloc (MAX (sizes[i], 1));
      memset (bytes, 'a' + i, sizes[i]);
      g_byte_array_append (all, bytes, sizes[i]);
      wt_byte_queue_add (&queue, g_bytes_new (bytes, sizes[i]));
    }
  for (GBytes *some; (some = wt_byte_queue_take_some (&queue)); g_bytes_unref (some), n_taken++)
    g_byte_array_append (taken, g_bytes_get_data (some, NULL), g_bytes_get_size (some));
  g_assert_cmpmem (taken->data, taken->len, all->data, all->len);
  g_assert_cmpuint (n_taken, ==, 5); /* 10 20, 5000, 30, 1024, 1023 0 7 */
  g_assert_cmpuint (queue.n_bytes, ==, 0);
  wt_byte_queue_clear (&queue);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *path = g_strconcat ("/dot-text/", texts[i].name, NULL);
      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_stuff);
    }
  g_test_add_func ("/byte-queue/take-some", test_take_some);
  return g_test_run ();
}
