/* Every dissector with any bytes. First byte: which protocol; second: direction and context; the rest is the message,
 * and for stream protocols also a stream of both directions. Ranges must lie in the message. */
#include "protocols/base/dissector.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes);

static gboolean
check_field (const WtField *field, guint depth, gpointer user_data)
{
  const gsize *n_bytes = user_data;
  g_assert_cmpuint (field->start, <=, field->end);
  g_assert_cmpuint (field->end, <=, *n_bytes);
  g_assert_true (field->value == NULL || g_utf8_validate (field->value, -1, NULL));
  g_assert_nonnull (wt_dissector_field (field->info->name));
  return TRUE;
}

static void
check_message (const WtDissector *dissector, WtDirection direction, guint8 context, const guint8 *bytes, gsize n_bytes)
{
  g_autoptr (WtField) root = dissector->message (direction, context, bytes, n_bytes);
  g_autofree char *summary = dissector->summary (direction, context, bytes, n_bytes);
  wt_field_walk (root, check_field, &n_bytes);
  g_assert_true (g_utf8_validate (summary, -1, NULL));
  g_assert_null (strpbrk (summary, "\r\n"));
}

/* Secrets lie in the message, whatever was said before it. */
static void
check_secret (const WtDissector *dissector, guint8 expect, WtDirection direction, guint8 context, const guint8 *bytes,
              gsize n_bytes)
{
  WtSecretState state = { .expect = expect, .literal = n_bytes };
  WtSecret secret;
  if (dissector->secret == NULL || n_bytes == 0)
    return;
  gboolean any = dissector->secret (&state, direction, context, bytes, n_bytes, &secret);
  g_assert_cmpint (any, ==, secret.end > secret.start);
  g_assert_cmpuint (secret.end, <=, n_bytes);
}

/* Spans of a direction follow each other without a gap. */
static void
check_span (const WtMessageSpan *span, gpointer user_data)
{
  gsize *ends = user_data;
  g_assert_cmpuint (span->start, ==, ends[span->direction]);
  g_assert_cmpuint (span->end, >, span->start);
  ends[span->direction] = span->end;
}

/* Lines go to the server or the client by their first byte. */
static void
check_stream (const WtDissector *dissector, const guint8 *bytes, gsize n_bytes)
{
  gsize ends[2] = { 0 }, fed[2] = { 0 };
  gpointer stream = dissector->stream_new (check_span, ends);
  for (gsize at = 0; at < n_bytes;)
    {
      const guint8 *line_feed = memchr (bytes + at, '\n', n_bytes - at);
      gsize length = line_feed ? (gsize) (line_feed - bytes) + 1 - at : n_bytes - at;
      WtDirection direction = g_ascii_isdigit (bytes[at]) || strchr ("+-", bytes[at]) ? WT_TO_CLIENT : WT_TO_SERVER;
      dissector->stream_feed (stream, direction, bytes + at, length);
      fed[direction] += length;
      at += length;
    }
  dissector->stream_end (stream);
  dissector->stream_free (stream);
  g_assert_cmpuint (ends[0], ==, fed[0]);
  g_assert_cmpuint (ends[1], ==, fed[1]);
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes)
{
  const WtDissector *dissector = n_bytes >= 2 ? wt_dissector_for (bytes[0] % WT_N_PROTOCOLS) : NULL;
  if (dissector == NULL)
    return 0;
  WtDirection direction = bytes[1] & 1 ? WT_TO_CLIENT : WT_TO_SERVER;
  check_message (dissector, direction, bytes[1] >> 1 & 31, bytes + 2, n_bytes - 2);
  for (guint8 expect = 0; expect < 3; expect++)
    check_secret (dissector, expect, direction, bytes[1] >> 1 & 31, bytes + 2, n_bytes - 2);
  if (dissector->stream)
    check_stream (dissector, bytes + 2, n_bytes - 2);
  return 0;
}
