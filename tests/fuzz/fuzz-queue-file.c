/* A queued mail's file with any bytes: an error, or parts that make the same file again. */
#include "app/hosts/queue-file.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes);

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes)
{
  g_autoptr (GBytes) file = g_bytes_new (bytes, n_bytes);
  g_autoptr (GBytes) envelope = NULL;
  g_autoptr (GBytes) message = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;
  if (!wt_queue_file_decode (file, &id, &envelope, &message, &error))
    {
      g_assert_nonnull (error);
      return 0;
    }
  gsize n_again;
  g_autofree guint8 *again = wt_queue_file_encode (id, envelope, message, &n_again);
  g_autoptr (GBytes) again_file = g_bytes_new (again, n_again);
  g_autoptr (GBytes) second = NULL;
  g_autoptr (GBytes) same = NULL;
  g_autofree char *same_id = NULL;
  g_assert_true (wt_queue_file_decode (again_file, &same_id, &second, &same, NULL));
  g_assert_cmpstr (id, ==, same_id);
  g_assert_true (g_bytes_equal (envelope, second) && g_bytes_equal (message, same));
  return 0;
}
