#include "protocols/mime/mime-html.h"

#include <string.h>

#define ENTITY_MAX 10  /* characters of a name, without & and ; */
#define TAG_MAX 12     /* characters of the longest tag name that means something */

/* How a tag changes the text. */
typedef enum { TAG_INLINE, TAG_LINE, TAG_BLOCK, TAG_ITEM, TAG_CELL, TAG_HIDDEN, TAG_PRE, TAG_LINK, TAG_IMAGE } TagKind;

static const struct {
  const char *name;
  TagKind kind;
} tags[] = {
  { "a", TAG_LINK },          { "address", TAG_BLOCK }, { "blockquote", TAG_BLOCK }, { "br", TAG_LINE },
  { "div", TAG_LINE },        { "dl", TAG_BLOCK },      { "dt", TAG_LINE },          { "dd", TAG_LINE },
  { "h1", TAG_BLOCK },        { "h2", TAG_BLOCK },      { "h3", TAG_BLOCK },         { "h4", TAG_BLOCK },
  { "h5", TAG_BLOCK },        { "h6", TAG_BLOCK },      { "hr", TAG_BLOCK },         { "img", TAG_IMAGE },
  { "li", TAG_ITEM },         { "ol", TAG_BLOCK },      { "p", TAG_BLOCK },          { "pre", TAG_PRE },
  { "script", TAG_HIDDEN },   { "style", TAG_HIDDEN },  { "title", TAG_HIDDEN },     { "table", TAG_BLOCK },
  { "td", TAG_CELL },         { "th", TAG_CELL },       { "tr", TAG_LINE },          { "ul", TAG_BLOCK },
  { "template", TAG_HIDDEN }, { "textarea", TAG_PRE },
};

/* The ones that mail programs write; numbers do for the rest. */
static const struct {
  const char *name;
  gunichar character;
} entities[] = {
  { "amp", '&' },      { "apos", '\'' },     { "gt", '>' },         { "lt", '<' },         { "quot", '"' },
  { "nbsp", ' ' },     { "auml", 0xe4 },     { "ouml", 0xf6 },      { "uuml", 0xfc },      { "Auml", 0xc4 },
  { "Ouml", 0xd6 },    { "Uuml", 0xdc },     { "szlig", 0xdf },     { "eacute", 0xe9 },    { "egrave", 0xe8 },
  { "agrave", 0xe0 },  { "ccedil", 0xe7 },   { "copy", 0xa9 },      { "reg", 0xae },       { "sect", 0xa7 },
  { "deg", 0xb0 },     { "middot", 0xb7 },   { "laquo", 0xab },     { "raquo", 0xbb },     { "times", 0xd7 },
  { "euro", 0x20ac },  { "ndash", 0x2013 },  { "mdash", 0x2014 },   { "hellip", 0x2026 },  { "bull", 0x2022 },
  { "lsquo", 0x2018 }, { "rsquo", 0x2019 },  { "ldquo", 0x201c },   { "rdquo", 0x201d },   { "bdquo", 0x201e },
  { "sbquo", 0x201a }, { "trade", 0x2122 },  { "larr", 0x2190 },    { "rarr", 0x2192 },    { "shy", 0xad },
};

typedef struct {
  GString *out;
  guint n_breaks;    /* line ends wanted before the next text: 1 a line, 2 a block */
  gboolean space;    /* white space wanted before it */
  gboolean pre;
  char *link;        /* (nullable) address of the link that is open */
  gsize link_start;  /* of its text in `out` */
} Reader;

/* --- text --------------------------------------------------------------------------------------------------------- */

static void
settle (Reader *self)
{
  gboolean begun = self->out->len > 0;
  for (; begun && self->n_breaks > 0; self->n_breaks--, self->space = FALSE)
    g_string_append_c (self->out, '\n');
  if (begun && self->space && self->out->str[self->out->len - 1] != '\n')
    g_string_append_c (self->out, ' ');
  self->n_breaks = 0;
  self->space = FALSE;
}

static void
want_breaks (Reader *self, guint n)
{
  self->n_breaks = MAX (self->n_breaks, n);
}

static void
add_character (Reader *self, gunichar c)
{
  settle (self);
  g_string_append_unichar (self->out, c);
}

/* After '&': returns the bytes it used, 0 when it is no entity. */
static gsize
read_entity (const char *at, gunichar *character)
{
  gsize length = strcspn (at, "; \t\r\n<&");
  if (at[length] != ';' || length == 0 || length > ENTITY_MAX)
    return 0;
  g_autofree char *name = g_strndup (at, length);
  if (*name == '#')
    {
      gboolean hex = name[1] == 'x' || name[1] == 'X';
      guint64 code = g_ascii_strtoull (name + (hex ? 2 : 1), NULL, hex ? 16 : 10);
      *character = code >= 32 && code <= 0x10ffff && g_unichar_validate (code) ? (gunichar) code : 0xfffd;
      return length + 1;
    }
  for (guint i = 0; i < G_N_ELEMENTS (entities); i++)
    if (strcmp (entities[i].name, name) == 0)
      {
        *character = entities[i].character;
        return length + 1;
      }
  return 0;
}

static const char *
read_text (Reader *self, const char *at)
{
  gunichar entity;
  gsize used = *at == '&' ? read_entity (at + 1, &entity) : 0;
  if (used)
    {
      add_character (self, entity);
      return at + 1 + used;
    }
  if (self->pre && *at == '\n')
    want_breaks (self, self->n_breaks + 1);
  else if (g_ascii_isspace (*at) && !self->pre)
    self->space = TRUE;
  else if (*at != '\r')
    add_character (self, g_utf8_get_char (at));
  return g_utf8_next_char (at);
}

static char *
plain (const char *text)
{
  GString *out = g_string_new (NULL);
  while (*text)
    {
      gunichar c;
      gsize used = *text == '&' ? read_entity (text + 1, &c) : 0;
      g_string_append_unichar (out, used ? c : g_utf8_get_char (text));
      text = used ? text + 1 + used : g_utf8_next_char (text);
    }
  return g_string_free (out, FALSE);
}

/* --- tags --------------------------------------------------------------------------------------------------------- */

/* Value of an attribute in the tag [at, end). (transfer full) (nullable) */
static char *
attribute (const char *at, const char *end, const char *name)
{
  while (at < end)
    {
      while (at < end && (g_ascii_isspace (*at) || *at == '/'))
        at++;
      const char *start = at;
      while (at < end && !g_ascii_isspace (*at) && *at != '=')
        at++;
      gsize length = at - start;
      while (at < end && g_ascii_isspace (*at))
        at++;
      if (at >= end || *at != '=')
        continue;
      for (at++; at < end && g_ascii_isspace (*at);)
        at++;
      char quote = at < end && (*at == '"' || *at == '\'') ? *at++ : 0;
      const char *value = at;
      while (at < end && (quote ? *at != quote : !g_ascii_isspace (*at)))
        at++;
      g_autofree char *raw = g_strndup (value, at - value);
      if (quote && at < end)
        at++;
      if (length == strlen (name) && g_ascii_strncasecmp (start, name, length) == 0)
        return plain (raw);
    }
  return NULL;
}

static void
close_link (Reader *self)
{
  g_autofree char *link = g_steal_pointer (&self->link);
  if (link == NULL || self->out->len <= self->link_start)
    return;
  const char *shown = self->out->str + self->link_start;
  if (g_str_has_prefix (link, "mailto:") ? strstr (shown, link + 7) != NULL : strstr (shown, link) != NULL)
    return;
  g_string_append_printf (self->out, " <%s>", link);
}

static void
open_link (Reader *self, char *address)
{
  close_link (self);
  self->link = address;
  if (address == NULL)
    return;
  if (*address == 0 || *address == '#')
    g_clear_pointer (&self->link, g_free);
  else
    settle (self);
  self->link_start = self->out->len;
}

static void
add_image (Reader *self, const char *at, const char *end)
{
  g_autofree char *alternative = attribute (at, end, "alt");
  if (alternative == NULL || *g_strstrip (alternative) == 0)
    return;
  settle (self);
  g_string_append_printf (self->out, "[%s]", alternative);
}

/* Content that is not text, up to its end tag. */
static const char *
skip_hidden (const char *at, const char *name)
{
  gsize length = strlen (name);
  for (at = strstr (at, "</"); at; at = strstr (at + 2, "</"))
    if (g_ascii_strncasecmp (at + 2, name, length) == 0)
      return at;
  return NULL;
}

static TagKind
kind_of (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (tags); i++)
    if (g_ascii_strcasecmp (tags[i].name, name) == 0)
      return tags[i].kind;
  return TAG_INLINE;
}

/* The tag's content is [at, end). Returns where the text goes on; NULL: nothing does. */
static const char *
apply_tag (Reader *self, const char *at, const char *end)
{
  gboolean closing = *at == '/';
  const char *start = at + closing;
  gsize length = 0;
  while (start + length < end && g_ascii_isalnum (start[length]))
    length++;
  g_autofree char *name = g_strndup (start, MIN (length, TAG_MAX));
  TagKind kind = kind_of (name);
  if (kind == TAG_HIDDEN && !closing)
    return skip_hidden (end, name);
  if (kind == TAG_LINE || kind == TAG_ITEM)
    want_breaks (self, g_ascii_strcasecmp (name, "br") == 0 ? self->n_breaks + 1 : 1);
  else if (kind == TAG_BLOCK || kind == TAG_PRE)
    want_breaks (self, 2);
  if (kind == TAG_PRE)
    self->pre = !closing;
  else if (kind == TAG_ITEM && !closing)
    {
      settle (self);
      g_string_append (self->out, "• ");
    }
  else if (kind == TAG_CELL)
    self->space = TRUE;
  else if (kind == TAG_LINK)
    open_link (self, closing ? NULL : attribute (start + length, end, "href"));
  else if (kind == TAG_IMAGE)
    add_image (self, start + length, end);
  return *end ? end + 1 : end;
}

/* The '>' that ends the tag, past those in quoted values; a quote that never closes ends with the tag. */
static const char *
tag_end (const char *at)
{
  const char *first = strchr (at, '>');
  const char *equals = strpbrk (at, "=>");
  if (first == NULL || equals == first)
    return first ? first : at + strlen (at);
  for (const char *p = at; *p && *p != '<'; p++)
    {
      if (*p == '>')
        return p;
      if ((*p == '"' || *p == '\'') && p > at && (p[-1] == '=' || g_ascii_isspace (p[-1])))
        {
          const char *close = p + 1 + strcspn (p + 1, *p == '"' ? "\"<" : "'<");
          if (*close != *p)
            return first;
          p = close;
        }
    }
  return first;
}

static const char *
read_markup (Reader *self, const char *at)
{
  if (g_str_has_prefix (at, "<!--"))
    {
      const char *end = strstr (at + 4, "-->");
      return end ? end + 3 : NULL;
    }
  if (at[1] == '!' || at[1] == '?')
    {
      const char *end = strchr (at, '>');
      return end ? end + 1 : NULL;
    }
  if (g_ascii_isalpha (at[1]) || (at[1] == '/' && g_ascii_isalpha (at[2])))
    return apply_tag (self, at + 1, tag_end (at + 1));
  return read_text (self, at);
}

char *
wt_mime_html_to_text (const char *html)
{
  g_autofree char *valid = g_utf8_make_valid (html, -1);
  Reader reader = { .out = g_string_sized_new (strlen (valid) / 2 + 16) };
  for (const char *at = valid; at && *at;)
    at = *at == '<' ? read_markup (&reader, at) : read_text (&reader, at);
  close_link (&reader);
  if (reader.out->len > 0)
    g_string_append_c (reader.out, '\n');
  return g_string_free (reader.out, FALSE);
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

char *
wt_mime_text_to_html (const char *text, const GPtrArray *images)
{
  GString *out = g_string_new ("<!DOCTYPE html>\n<html><body>\n");
  g_auto (GStrv) lines = g_strsplit (text, "\r\n", -1);
  g_autofree char *unix_ends = g_strjoinv ("\n", lines);
  g_auto (GStrv) paragraphs = g_strsplit (unix_ends, "\n\n", -1);
  for (char **each = paragraphs; *each; each++)
    {
      g_autofree char *escaped = g_markup_escape_text (g_strstrip (*each), -1);
      g_auto (GStrv) broken = g_strsplit (escaped, "\n", -1);
      g_autofree char *joined = g_strjoinv ("<br>\n", broken);
      if (*joined)
        g_string_append_printf (out, "<p>%s</p>\n", joined);
    }
  for (guint i = 0; images && i < images->len; i++)
    {
      g_autofree char *id = g_markup_escape_text (images->pdata[i], -1);
      g_string_append_printf (out, "<p><img src=\"cid:%s\"></p>\n", id);
    }
  g_string_append (out, "</body></html>\n");
  return g_string_free (out, FALSE);
}
