/* The filter language with any text: it parses, or says where it does not; what parses is asked about events. */
#include "tests/app/trace/event-sample.h"

#include "app/trace/filter.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes);

static void
check_error (const char *text, guint column, const GError *error)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *start = g_strdup_printf ("column %u: found ", column);
  g_assert_nonnull (error);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_true (g_str_has_prefix (error->message, start));
  g_assert_nonnull (strstr (error->message, "; expected "));
  g_assert_cmpuint (column, >=, 1);
  g_assert_cmpuint (column, <=, g_utf8_strlen (valid, -1) + 1);
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes)
{
  static EventSample sample; /* made once, for speed */
  g_autofree char *text = g_strndup ((const char *)bytes, n_bytes);
  g_autoptr (GError) error = NULL;
  guint column = 0;
  if (sample.trace == NULL)
    event_sample_init (&sample);
  g_autoptr (WtFilter) filter = wt_filter_new (text, &column, &error);
  if (filter == NULL)
    check_error (text, column, error);
  for (guint32 n = 0; filter && n < wt_trace_length (sample.trace); n++)
    wt_filter_match (filter, sample.trace, n);
  return 0;
}
