/* Slices: bytes of a text, of bytes or of a message, as in Wireshark: [2:4] four bytes from the third on, [2-4] the third to
 * the fifth, [:4], [2:], [2], from the end with a minus, several with commas. What reaches beyond the value is no value. */
#include "app/trace/filter-private.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

#define OFFSET_DIGITS 6 /* larger offsets are no use and might overflow */

/* An offset or a length at `*text`, which moves behind it. */
static gboolean
read_offset (const char **text, gboolean negative_too, gint32 *offset)
{
  const char *digits = *text + (negative_too && **text == '-');
  gsize n = strspn (digits, "0123456789");
  if (n == 0 || n > OFFSET_DIGITS)
    return FALSE;
  *offset = strtol (*text, NULL, 10);
  *text = digits + n;
  return TRUE;
}

static gboolean
read_slice (const char *text, WtFilterSlice *slice)
{
  *slice = (WtFilterSlice){ .kind = WT_SLICE_LENGTH, .end = 1 };
  if (*text != ':' && !read_offset (&text, TRUE, &slice->start))
    return FALSE;
  if (strcmp (text, ":") == 0)
    {
      slice->kind = WT_SLICE_REST;
      return TRUE;
    }
  if (*text == '\0')
    return TRUE;
  if (*text != ':' && *text != '-')
    return FALSE;
  slice->kind = *text == ':' ? WT_SLICE_LENGTH : WT_SLICE_END;
  text++;
  if (!read_offset (&text, slice->kind == WT_SLICE_END, &slice->end) || *text)
    return FALSE;
  if (slice->kind == WT_SLICE_LENGTH)
    return slice->end > 0;
  return (slice->start < 0) != (slice->end < 0) || slice->start <= slice->end;
}

/* Headers are not kept as bytes: what can be cut is a value or what a dissector takes apart. */
static gboolean
can_be_cut (const WtFilterOperand *operand)
{
  WtFieldType type = operand->type;
  return type == WT_FIELD_STRING || type == WT_FIELD_BYTES || operand->protocol != WT_PROTOCOL_NONE;
}

static gboolean
read_one (WtFilterParser *parser, WtFilterOperand *operand)
{
  if (!wt_filter_advance (parser))
    return FALSE;
  g_autofree char *text = g_strndup (parser->token.start, parser->token.length);
  if (operand->n_slices == WT_FILTER_SLICES_MAX)
    return wt_filter_fail (parser, &parser->token, WT_FILTER_ERROR_SYNTAX, _("at most %d slices"), WT_FILTER_SLICES_MAX);
  if (parser->token.type != WT_TOKEN_WORD || !read_slice (text, &operand->slices[operand->n_slices]))
    return wt_filter_fail (parser, &parser->token, WT_FILTER_ERROR_SYNTAX, _("a slice such as 0:4, 2-5, :4, 2: or -3:"));
  operand->n_slices++;
  return wt_filter_advance (parser);
}

gboolean
wt_filter_slices_read (WtFilterParser *parser, WtFilterOperand *operand)
{
  if (!can_be_cut (operand))
    return wt_filter_fail (parser, &parser->token, WT_FILTER_ERROR_TYPE, _("a field that is text or bytes before \"[\""));
  do
    if (!read_one (parser, operand))
      return FALSE;
  while (wt_token_is (&parser->token, ","));
  operand->type = WT_FIELD_BYTES;
  if (!wt_token_is (&parser->token, "]"))
    return wt_filter_fail (parser, &parser->token, WT_FILTER_ERROR_SYNTAX, _("\",\" or \"]\""));
  return wt_filter_advance (parser);
}

GString *
wt_filter_slices_cut (const WtFilterOperand *operand, const char *bytes, gsize n_bytes)
{
  GString *out = g_string_new (NULL);
  gint64 length = n_bytes;
  for (guint i = 0; i < operand->n_slices; i++)
    {
      const WtFilterSlice *slice = &operand->slices[i];
      gint64 start = slice->start < 0 ? length + slice->start : slice->start, end = length;
      if (slice->kind == WT_SLICE_LENGTH)
        end = start + slice->end;
      else if (slice->kind == WT_SLICE_END)
        end = (slice->end < 0 ? length + slice->end : slice->end) + 1;
      if (start < 0 || start >= end || end > length)
        {
          g_string_free (out, TRUE);
          return NULL;
        }
      g_string_append_len (out, bytes + start, end - start);
    }
  return out;
}
