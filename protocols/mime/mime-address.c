/* Address lists (RFC 5322 3.4, 4.4) and message ids (3.6.4). */
#include "protocols/mime/mime-header.h"
#include "protocols/mime/mime-lexer.h"

#include <string.h>

static void
address_free (gpointer data)
{
  WtMimeAddress *self = data;
  g_free (self->name);
  g_free (self->written_name);
  g_free (self->mailbox);
  g_free (self->group);
  g_free (self);
}

typedef struct {
  WtMimeLexer lexer;
  GPtrArray *list;
  char *group; /* (nullable) the group that is open */
} Parser;

static void
add (Parser *self, const char *name, const char *mailbox)
{
  WtMimeAddress *address = g_new0 (WtMimeAddress, 1);
  if (name && *name)
    {
      address->name = wt_mime_decode_text ((const guint8 *) name, strlen (name));
      address->written_name = g_strdup (name);
    }
  address->mailbox = wt_mime_unfold ((const guint8 *) mailbox, strlen (mailbox));
  address->group = g_strdup (self->group);
  g_ptr_array_add (self->list, address);
}

/* A quoted string kept with its quotes: a local part needs them. */
static void
append_quoted (GString *out, const GString *text)
{
  g_string_append_c (out, '"');
  for (gsize i = 0; i < text->len; i++)
    {
      if (text->str[i] == '"' || text->str[i] == '\\')
        g_string_append_c (out, '\\');
      g_string_append_c (out, text->str[i]);
    }
  g_string_append_c (out, '"');
}

/* What stands between angle brackets, without an obsolete route ("@a,@b:", RFC 5322 4.4). */
static void
parse_angle (Parser *self, GString *mailbox)
{
  g_autoptr (GString) quoted = g_string_new (NULL);
  while (self->lexer.at < self->lexer.n_bytes)
    {
      wt_mime_lexer_skip (&self->lexer);
      g_string_truncate (quoted, 0);
      if (wt_mime_lexer_quoted (&self->lexer, quoted))
        append_quoted (mailbox, quoted);
      else if (wt_mime_lexer_accept (&self->lexer, '>'))
        break;
      else
        wt_mime_lexer_run (&self->lexer, ">\"(", mailbox);
    }
  char *colon = mailbox->str[0] == '@' ? strchr (mailbox->str, ':') : NULL;
  if (colon)
    g_string_erase (mailbox, 0, colon + 1 - mailbox->str);
}

/* Words up to something that decides what they were: "<" a display name, ":" a group, else an address. */
static void
parse_words (Parser *self, GString *phrase, GString *spec)
{
  g_autoptr (GString) quoted = g_string_new (NULL);
  while (self->lexer.at < self->lexer.n_bytes)
    {
      gsize before = self->lexer.at;
      wt_mime_lexer_skip (&self->lexer);
      gboolean spaced = self->lexer.at > before && phrase->len > 0;
      g_string_truncate (quoted, 0);
      gsize length = spec->len;
      if (wt_mime_lexer_quoted (&self->lexer, quoted))
        append_quoted (spec, quoted);
      else if (wt_mime_lexer_run (&self->lexer, "<>:;,\"(", spec))
        g_string_append_len (quoted, spec->str + length, spec->len - length);
      else
        return;
      if (spaced)
        g_string_append_c (phrase, ' ');
      g_string_append_len (phrase, quoted->str, quoted->len);
    }
}

static void
parse_one (Parser *self)
{
  g_autoptr (GString) phrase = g_string_new (NULL);
  g_autoptr (GString) spec = g_string_new (NULL); /* the same words as an addr-spec: no spaces, quotes kept */
  parse_words (self, phrase, spec);
  if (wt_mime_lexer_accept (&self->lexer, '<'))
    {
      g_string_truncate (spec, 0);
      parse_angle (self, spec);
      add (self, phrase->str, spec->str);
    }
  else if (self->group == NULL && wt_mime_lexer_accept (&self->lexer, ':'))
    {
      self->group = wt_mime_decode_text ((const guint8 *) phrase->str, phrase->len);
      wt_mime_lexer_skip (&self->lexer);
      if (wt_mime_lexer_peek (&self->lexer) == ';' || wt_mime_lexer_peek (&self->lexer) == 0)
        add (self, NULL, "");
    }
  else if (spec->len > 0)
    add (self, NULL, spec->str);
  else if (wt_mime_lexer_accept (&self->lexer, ';'))
    g_clear_pointer (&self->group, g_free);
  else
    self->lexer.at++; /* a comma, an empty place in the list (RFC 5322 4.4), or what has no business here */
}

GPtrArray *
wt_mime_addresses_parse (const guint8 *bytes, gsize n_bytes)
{
  Parser parser = { { bytes, n_bytes, 0 }, g_ptr_array_new_with_free_func (address_free), NULL };
  while (parser.lexer.at < n_bytes && parser.list->len < WT_MIME_ADDRESSES_MAX)
    parse_one (&parser);
  g_free (parser.group);
  return parser.list;
}

char *
wt_mime_address_to_string (const WtMimeAddress *self)
{
  if (self->name == NULL)
    return g_strdup (self->mailbox);
  if (strpbrk (self->name, "()<>[]:;@\\,.\"") == NULL)
    return g_strdup_printf ("%s <%s>", self->name, self->mailbox);
  g_autoptr (GString) raw = g_string_new (self->name);
  GString *out = g_string_new (NULL);
  append_quoted (out, raw);
  g_string_append_printf (out, " <%s>", self->mailbox);
  return g_string_free (out, FALSE);
}

char *
wt_mime_id_parse (const guint8 *bytes, gsize n_bytes)
{
  const guint8 *open = memchr (bytes, '<', n_bytes);
  if (open == NULL)
    return NULL;
  gsize rest = n_bytes - (open + 1 - bytes);
  const guint8 *close = memchr (open + 1, '>', rest);
  return wt_mime_unfold (open + 1, close ? (gsize) (close - open - 1) : rest);
}
