/* Decoding a body piece by piece: each piece is cut where the decoder has nothing left over, so that the pieces are
 * together what the whole would be. */
#include "protocols/mime/mime-codec.h"

#include <string.h>

#define PIECE (64 * 1024) /* bytes of the body, or a line where that is longer */

static gboolean
is_base64 (guint8 c)
{
  return g_ascii_isalnum (c) || c == '+' || c == '/';
}

/* Behind whole groups of four characters. What follows a pad character is no content: it goes with it. */
static gsize
cut_base64 (const guint8 *bytes, gsize n_bytes)
{
  guint n_characters = 0;
  for (gsize i = 0; i < n_bytes; i++)
    {
      if (bytes[i] == '=')
        return n_bytes;
      n_characters += is_base64 (bytes[i]);
      if (i + 1 >= PIECE && n_characters % 4 == 0)
        return i + 1;
    }
  return n_bytes;
}

/* Behind a line: an escape or white space never reaches further. */
static gsize
cut_lines (const guint8 *bytes, gsize n_bytes)
{
  if (n_bytes <= PIECE)
    return n_bytes;
  const guint8 *line_feed = memrchr (bytes, '\n', PIECE);
  if (line_feed == NULL)
    line_feed = memchr (bytes + PIECE, '\n', n_bytes - PIECE);
  return line_feed ? (gsize) (line_feed - bytes) + 1 : n_bytes;
}

void
wt_mime_decode_pieces (WtMimeEncoding encoding, const guint8 *bytes, gsize n_bytes, WtMimeSink sink, gpointer user_data,
                       gsize *fault)
{
  gsize first = WT_MIME_NO_FAULT;
  gboolean base64 = encoding == WT_MIME_ENCODING_BASE64;
  if (!base64 && encoding != WT_MIME_ENCODING_QUOTED_PRINTABLE)
    {
      if (n_bytes > 0)
        sink (bytes, n_bytes, user_data);
      n_bytes = 0;
    }
  for (gsize at = 0; at < n_bytes;)
    {
      gsize length = base64 ? cut_base64 (bytes + at, n_bytes - at) : cut_lines (bytes + at, n_bytes - at), here;
      g_autoptr (GByteArray) piece = wt_mime_decode (encoding, bytes + at, length, &here);
      if (first == WT_MIME_NO_FAULT && here != WT_MIME_NO_FAULT)
        first = at + here;
      if (piece->len > 0)
        sink (piece->data, piece->len, user_data);
      at += length;
    }
  if (fault)
    *fault = first;
}
