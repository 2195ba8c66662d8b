#include "protocols/imap/imap-section.h"

#include "protocols/imap/imap-reply.h"

#include <string.h>

void
wt_imap_section_clear (WtImapSection *self)
{
  g_clear_pointer (&self->numbers, g_array_unref);
  g_clear_pointer (&self->fields, g_ptr_array_unref);
}

/* --- reading --------------------------------------------------------------------------------------------------------
 */

static gboolean
parse_fields (WtImapSection *self, WtImapParser *parser)
{
  self->fields = g_ptr_array_new_with_free_func (g_free);
  if (!wt_imap_parser_space (parser) || !wt_imap_parser_expect (parser, '('))
    return FALSE;
  do
    {
      char *name;
      if (!wt_imap_parser_astring (parser, &name))
        return FALSE;
      g_ptr_array_add (self->fields, name);
    }
  while (wt_imap_parser_accept (parser, ' '));
  return wt_imap_parser_expect (parser, ')');
}

static gboolean
parse_kind (WtImapSection *self, WtImapParser *parser)
{
  if (wt_imap_parser_word (parser, "HEADER.FIELDS.NOT"))
    self->kind = WT_IMAP_SECTION_FIELDS_NOT;
  else if (wt_imap_parser_word (parser, "HEADER.FIELDS"))
    self->kind = WT_IMAP_SECTION_FIELDS;
  else if (wt_imap_parser_word (parser, "HEADER"))
    self->kind = WT_IMAP_SECTION_HEADER;
  else if (wt_imap_parser_word (parser, "TEXT"))
    self->kind = WT_IMAP_SECTION_TEXT;
  else if (self->numbers->len > 0 && wt_imap_parser_word (parser, "MIME"))
    self->kind = WT_IMAP_SECTION_MIME;
  else
    return wt_imap_parser_fail (parser, "Invalid section");
  return self->kind == WT_IMAP_SECTION_FIELDS || self->kind == WT_IMAP_SECTION_FIELDS_NOT ? parse_fields (self, parser)
                                                                                          : TRUE;
}

gboolean
wt_imap_section_parse (WtImapSection *self, WtImapParser *parser, gboolean binary)
{
  *self = (WtImapSection){ .numbers = g_array_new (FALSE, FALSE, sizeof (guint32)) };
  if (!wt_imap_parser_expect (parser, '['))
    return FALSE;
  while (wt_imap_parser_peek (parser) != ']')
    {
      guint32 number;
      if (!g_ascii_isdigit (wt_imap_parser_peek (parser)))
        {
          if (binary)
            return wt_imap_parser_fail (parser, "Part number expected");
          if (!parse_kind (self, parser))
            return FALSE;
          break;
        }
      if (!wt_imap_parser_nz_number (parser, &number))
        return FALSE;
      g_array_append_val (self->numbers, number);
      if (!wt_imap_parser_accept (parser, '.'))
        break;
    }
  return wt_imap_parser_expect (parser, ']');
}

void
wt_imap_section_put (GByteArray *out, const WtImapSection *self)
{
  static const char *const kinds[] = { "", "HEADER", "HEADER.FIELDS", "HEADER.FIELDS.NOT", "TEXT", "MIME" };
  wt_imap_put (out, "[");
  for (guint i = 0; i < self->numbers->len; i++)
    wt_imap_putf (out, i > 0 ? ".%u" : "%u", g_array_index (self->numbers, guint32, i));
  if (self->kind != WT_IMAP_SECTION_ALL && self->numbers->len > 0)
    wt_imap_put (out, ".");
  wt_imap_put (out, kinds[self->kind]);
  for (guint i = 0; self->fields != NULL && i < self->fields->len; i++)
    {
      wt_imap_put (out, i > 0 ? " " : " (");
      const char *name = g_ptr_array_index (self->fields, i);
      if (*name && strpbrk (name, " (){%*\"\\]") == NULL && g_str_is_ascii (name))
        wt_imap_put (out, name);
      else
        wt_imap_put_text (out, name);
    }
  wt_imap_put (out, self->fields != NULL ? ")]" : "]");
}

/* --- finding --------------------------------------------------------------------------------------------------------
 */

static gboolean
is_multipart (const WtMimePart *part)
{
  return part->parts != NULL && part->parts->len > 0 && g_str_has_prefix (part->content_type, "multipart/");
}

/* The message inside a message/rfc822 part; NULL: it is none. */
static const WtMimePart *
inner_message (const WtMimePart *part)
{
  if (part->parts == NULL || part->parts->len == 0 || strcmp (part->content_type, "message/rfc822") != 0)
    return NULL;
  return g_ptr_array_index (part->parts, 0);
}

/* A mail that is not multipart has one part, its body, which is number 1 (RFC 9051 6.4.5.1). */
const WtMimePart *
wt_imap_section_part (const WtImapSection *self, const WtMimeMessage *message)
{
  const WtMimePart *part = message->root;
  for (guint i = 0; i < self->numbers->len; i++)
    {
      guint32 number = g_array_index (self->numbers, guint32, i);
      const WtMimePart *container = i == 0 || is_multipart (part) ? part : inner_message (part);
      if (container == NULL)
        return NULL;
      if (is_multipart (container))
        {
          if (number > container->parts->len)
            return NULL;
          part = g_ptr_array_index (container->parts, number - 1);
        }
      else if (number == 1)
        part = container;
      else
        return NULL;
    }
  return part;
}

static GBytes *
slice (const WtMimeMessage *message, gsize start, gsize end)
{
  return g_bytes_new_from_bytes (message->bytes, start, end - start);
}

static gboolean
has_field (const WtImapSection *self, const guint8 *name, gsize n_bytes)
{
  for (guint i = 0; i < self->fields->len; i++)
    {
      const char *wanted = g_ptr_array_index (self->fields, i);
      if (strlen (wanted) == n_bytes && g_ascii_strncasecmp (wanted, (const char *)name, n_bytes) == 0)
        return TRUE;
    }
  return FALSE;
}

static GBytes *
pick_fields (const WtImapSection *self, const WtMimeMessage *message, const WtMimePart *part)
{
  const guint8 *data = g_bytes_get_data (message->bytes, NULL);
  GByteArray *out = g_byte_array_new ();
  for (guint i = 0; i < part->headers->len; i++)
    {
      const WtMimeHeader *header = &g_array_index (part->headers, WtMimeHeader, i);
      if (has_field (self, data + header->start, header->name_end - header->start)
          == (self->kind == WT_IMAP_SECTION_FIELDS))
        g_byte_array_append (out, data + header->start, header->end - header->start);
    }
  wt_imap_put (out, "\r\n");
  return g_byte_array_free_to_bytes (out);
}

GBytes *
wt_imap_section_bytes (const WtImapSection *self, const WtMimeMessage *message)
{
  const WtMimePart *part = wt_imap_section_part (self, message);
  if (part == NULL)
    return NULL;
  if (self->numbers->len == 0 && self->kind == WT_IMAP_SECTION_ALL)
    return g_bytes_ref (message->bytes);
  if (self->kind == WT_IMAP_SECTION_MIME)
    return slice (message, part->header_start, part->body_start);
  if (self->kind == WT_IMAP_SECTION_ALL)
    return slice (message, part->body_start, part->body_end);
  /* HEADER and TEXT are those of a message */
  const WtMimePart *mail = self->numbers->len == 0 ? part : inner_message (part);
  if (mail == NULL)
    return NULL;
  if (self->kind == WT_IMAP_SECTION_HEADER)
    return slice (message, mail->header_start, mail->body_start);
  if (self->kind == WT_IMAP_SECTION_TEXT)
    return slice (message, mail->body_start, mail->body_end);
  return pick_fields (self, message, mail);
}
