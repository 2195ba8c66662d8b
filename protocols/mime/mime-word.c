/* Unstructured text and encoded words (RFC 2047, RFC 2231 5). */
#include "protocols/mime/mime-charset.h"
#include "protocols/mime/mime-codec.h"
#include "protocols/mime/mime-header.h"

#include <string.h>

#define WORD_MAX 75 /* characters of one encoded word, RFC 2047 2 */
#define HEADER_LINE_MAX 76

char *
wt_mime_unfold (const guint8 *bytes, gsize n_bytes)
{
  GString *out = g_string_sized_new (n_bytes);
  for (gsize i = 0; i < n_bytes; i++)
    if (bytes[i] != '\r' && bytes[i] != '\n')
      g_string_append_c (out, bytes[i] ? bytes[i] : ' ');
  char *valid = g_utf8_make_valid (out->str, out->len);
  g_string_free (out, TRUE);
  return g_strstrip (valid);
}

/* --- decoding --------------------------------------------------------------------------------------------------- */

typedef struct {
  char *charset; /* without an RFC 2231 language */
  GByteArray *bytes;
  gsize length; /* of the word in the text */
} Word;

static void
word_clear (Word *word)
{
  g_clear_pointer (&word->charset, g_free);
  g_clear_pointer (&word->bytes, g_byte_array_unref);
}

static GByteArray *
decode_q (const char *text, gsize length)
{
  GByteArray *out = g_byte_array_sized_new (length);
  for (gsize i = 0; i < length; i++)
    {
      guint8 c = text[i] == '_' ? ' ' : text[i];
      if (c == '=' && i + 2 < length && g_ascii_isxdigit (text[i + 1]) && g_ascii_isxdigit (text[i + 2]))
        {
          c = g_ascii_xdigit_value (text[i + 1]) << 4 | g_ascii_xdigit_value (text[i + 2]);
          i += 2;
        }
      g_byte_array_append (out, &c, 1);
    }
  return out;
}

/* An encoded word at `text`: =?charset?encoding?text?=. `mark` is the last "?=" that was found, NULL at first: what lies
 * before it is not looked through again, however many words begin there. */
static gboolean
word_parse (const char *text, const char **mark, Word *word)
{
  if (text[0] != '=' || text[1] != '?')
    return FALSE;
  const char *charset_end = strchr (text + 2, '?');
  if (!charset_end || charset_end == text + 2 || !charset_end[1] || charset_end[2] != '?')
    return FALSE;
  const char *content = charset_end + 3;
  if (*mark == NULL || *mark < content)
    *mark = strstr (content, "?=");
  if (*mark == NULL)
    *mark = content + strlen (content); /* there is none any more */
  const char *end = *mark;
  if (*end == '\0' || (gsize) (end - text) > 4096)
    return FALSE;
  gsize charset_length = strcspn (text + 2, "*?");
  if (memchr (text, ' ', charset_end - text))
    return FALSE;
  char encoding = g_ascii_toupper (charset_end[1]);
  if (encoding == 'B')
    word->bytes = wt_mime_decode (WT_MIME_ENCODING_BASE64, (const guint8 *) content, end - content, NULL);
  else if (encoding == 'Q')
    word->bytes = decode_q (content, end - content);
  else
    return FALSE;
  word->charset = g_strndup (text + 2, charset_length);
  word->length = end + 2 - text;
  return TRUE;
}

/* Words of one charset that follow each other are joined before conversion: senders do split characters. */
typedef struct {
  GString *out;
  char *charset;
  GByteArray *bytes;
} Decoder;

static void
decoder_flush (Decoder *self)
{
  if (self->charset == NULL)
    return;
  g_autofree char *text = wt_mime_to_utf8 (self->charset, self->bytes->data, self->bytes->len, NULL);
  for (char *p = text; *p; p++)
    if (g_ascii_iscntrl (*p))
      *p = ' ';
  g_string_append (self->out, text);
  g_clear_pointer (&self->charset, g_free);
  g_byte_array_set_size (self->bytes, 0);
}

static void
decoder_add (Decoder *self, Word *word)
{
  if (self->charset && g_ascii_strcasecmp (self->charset, word->charset) != 0)
    decoder_flush (self);
  if (self->charset == NULL)
    self->charset = g_steal_pointer (&word->charset);
  g_byte_array_append (self->bytes, word->bytes->data, word->bytes->len);
}

/* Where the word after the white space at `p` starts, if there is one: white space between encoded words is not part
 * of the text (RFC 2047 6.2). */
static const char *
next_word (const char *p)
{
  const char *q = p;
  while (*q == ' ' || *q == '\t')
    q++;
  return q > p && q[0] == '=' && q[1] == '?' ? q : NULL;
}

char *
wt_mime_decode_text (const guint8 *bytes, gsize n_bytes)
{
  g_autofree char *text = wt_mime_unfold (bytes, n_bytes);
  if (strstr (text, "=?") == NULL)
    return g_steal_pointer (&text);
  Decoder decoder = { g_string_sized_new (strlen (text)), NULL, g_byte_array_new () };
  const char *p = text, *mark = NULL;
  while (*p)
    {
      Word word = { 0 };
      const char *after_space = decoder.charset ? next_word (p) : NULL;
      const char *at = after_space ? after_space : p;
      if (word_parse (at, &mark, &word))
        {
          decoder_add (&decoder, &word);
          p = at + word.length;
          word_clear (&word);
          continue;
        }
      decoder_flush (&decoder);
      const char *next = strstr (p + 1, "=?");
      const char *space = next ? next : p + strlen (p);
      /* keep the white space before a word apart: the word decides whether it counts */
      g_string_append_len (decoder.out, p, space - p);
      p = space;
    }
  decoder_flush (&decoder);
  g_byte_array_unref (decoder.bytes);
  return g_string_free (decoder.out, FALSE);
}

/* --- encoding --------------------------------------------------------------------------------------------------- */

static gboolean
is_plain (const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if ((guchar) text[i] >= 127 || g_ascii_iscntrl (text[i]))
      return FALSE;
  return strstr (text, "=?") == NULL || memmem (text, length, "=?", 2) == NULL;
}

static void
append_q (GString *out, const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (g_ascii_isalnum (text[i]))
      g_string_append_c (out, text[i]);
    else if (text[i] == ' ')
      g_string_append_c (out, '_');
    else
      g_string_append_printf (out, "=%02X", (guchar) text[i]);
}

/* Encodes from `text` what fits in `room` characters of an encoded word, whole characters only. */
static gsize
append_word (GString *out, const char *text, gsize room)
{
  gsize used = 0, cost = strlen ("=?UTF-8?Q?") + strlen ("?=");
  while (text[used])
    {
      gsize next = g_utf8_next_char (text + used) - (text + used), more = 0;
      for (gsize i = used; i < used + next; i++)
        more += g_ascii_isalnum (text[i]) || text[i] == ' ' ? 1 : 3;
      if (used > 0 && cost + more > room)
        break;
      cost += more;
      used += next;
    }
  g_string_append (out, "=?UTF-8?Q?");
  append_q (out, text, used);
  g_string_append (out, "?=");
  return used;
}

char *
wt_mime_encode_text (const char *text, guint first_column)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  if (is_plain (valid, strlen (valid)))
    return g_steal_pointer (&valid);
  GString *out = g_string_new (NULL);
  gsize room = first_column + 24 < HEADER_LINE_MAX ? HEADER_LINE_MAX - first_column : 0;
  if (room == 0)
    g_string_append (out, "\r\n ");
  for (const char *p = valid; *p;)
    {
      p += append_word (out, p, MIN (room ? room : WORD_MAX, WORD_MAX));
      room = WORD_MAX;
      if (*p)
        g_string_append (out, "\r\n ");
    }
  return g_string_free (out, FALSE);
}
