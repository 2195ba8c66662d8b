#include "protocols/smtp/smtp-address.h"

#include <string.h>

#define LABEL_MAX 63 /* RFC 1035 2.3.4 */

/* A place in the text, and why it cannot go on. */
typedef struct
{
  const guint8 *bytes;
  gsize n_bytes, at;
  gboolean utf8;
  gboolean underscore;
  const char *problem;
} Cursor;

static gboolean
fail (Cursor *c, const char *problem)
{
  if (c->problem == NULL)
    c->problem = problem;
  return FALSE;
}

static int
look (const Cursor *c)
{
  return c->at < c->n_bytes ? c->bytes[c->at] : -1;
}

static gboolean
accept_byte (Cursor *c, char byte)
{
  if (look (c) != byte)
    return FALSE;
  c->at++;
  return TRUE;
}

/* One non-ASCII character (UTF8-non-ascii, RFC 6531 3.3). */
static gboolean
accept_utf8 (Cursor *c)
{
  if (!c->utf8 || look (c) < 0x80)
    return FALSE;
  const char *text = (const char *)c->bytes + c->at;
  gunichar character = g_utf8_get_char_validated (text, MIN (c->n_bytes - c->at, 6));
  if (character == (gunichar)-1 || character == (gunichar)-2)
    return FALSE;
  c->at += g_unichar_to_utf8 (character, NULL);
  return TRUE;
}

gboolean
wt_smtp_is_atext (guint8 byte)
{
  return g_ascii_isalnum (byte) || (byte != '\0' && byte < 0x80 && strchr ("!#$%&'*+-/=?^_`{|}~", byte) != NULL);
}

static gboolean
accept_atext (Cursor *c)
{
  if (look (c) < 0 || !wt_smtp_is_atext (c->bytes[c->at]))
    return accept_utf8 (c);
  c->at++;
  return TRUE;
}

/* Dot-string = Atom *("." Atom) */
static gboolean
dot_string (Cursor *c)
{
  do
    {
      gsize start = c->at;
      while (accept_atext (c))
        ;
      if (c->at == start)
        return fail (c, look (c) >= 0x80 ? "non-ASCII characters need SMTPUTF8"
                                         : "local part must be words joined by single dots, or quoted");
    }
  while (accept_byte (c, '.'));
  return TRUE;
}

/* Quoted-string = DQUOTE *QcontentSMTP DQUOTE; `value` gets it without quotes and backslashes. */
static gboolean
quoted_string (Cursor *c, GString *value)
{
  c->at++;
  while (look (c) != '"')
    {
      gsize start = c->at;
      if (accept_byte (c, '\\'))
        {
          start = c->at;
          if (look (c) < 32 || look (c) > 126)
            return fail (c, "only a printable character may follow a backslash");
          c->at++;
        }
      else if (look (c) >= 32 && look (c) <= 126)
        c->at++;
      else if (!accept_utf8 (c))
        return fail (c, look (c) < 0 ? "closing quote is missing" : "character not allowed in a quoted local part");
      g_string_append_len (value, (const char *)c->bytes + start, c->at - start);
    }
  c->at++;
  return TRUE;
}

static gboolean
local_part (Cursor *c, char **value)
{
  gsize start = c->at;

  if (look (c) == '"')
    {
      g_autoptr (GString) text = g_string_sized_new (WT_SMTP_LOCAL_PART_MAX);
      if (!quoted_string (c, text))
        return FALSE;
      *value = g_strndup (text->str, text->len);
    }
  else if (dot_string (c))
    *value = g_strndup ((const char *)c->bytes + start, c->at - start);
  else
    return FALSE;
  return c->at - start <= WT_SMTP_LOCAL_PART_MAX || fail (c, "local part is longer than 64 octets");
}

static gboolean
accept_ldh (Cursor *c)
{
  int byte = look (c);

  if (byte < 0 || byte >= 0x80 || !(g_ascii_isalnum (byte) || byte == '-' || (c->underscore && byte == '_')))
    return accept_utf8 (c);
  c->at++;
  return TRUE;
}

/* sub-domain = Let-dig [Ldh-str], or a U-label (RFC 6531 3.3) */
static gboolean
sub_domain (Cursor *c)
{
  gsize start = c->at;

  while (accept_ldh (c))
    ;
  if (c->at == start)
    return fail (c, look (c) >= 0x80 ? "non-ASCII characters need SMTPUTF8" : "a label of the domain is missing");
  if (c->bytes[start] == '-' || c->bytes[c->at - 1] == '-')
    return fail (c, "a label of the domain begins or ends with a hyphen");
  return c->at - start <= LABEL_MAX || fail (c, "a label of the domain is longer than 63 octets");
}

static gboolean
ipv4_literal (const char *text)
{
  guint n = 0;

  for (;;)
    {
      guint value = 0, digits = 0;
      for (; g_ascii_isdigit (*text) && digits < 4; text++, digits++)
        value = value * 10 + (guint)(*text - '0');
      if (digits < 1 || digits > 3 || value > 255)
        return FALSE;
      if (++n == 4)
        return *text == '\0';
      if (*text++ != '.')
        return FALSE;
    }
}

static gboolean
ipv6_literal (const char *text)
{
  return strspn (text, "0123456789abcdefABCDEF:.") == strlen (text) && strchr (text, ':') != NULL
         && g_hostname_is_ip_address (text);
}

/* General-address-literal = Standardized-tag ":" 1*dcontent */
static gboolean
general_literal (const char *text)
{
  gsize tag = strcspn (text, ":");

  if (tag == 0 || text[tag] != ':' || text[tag + 1] == '\0' || !g_ascii_isalnum (text[tag - 1]))
    return FALSE;
  for (gsize i = 0; i < tag; i++)
    if (!g_ascii_isalnum (text[i]) && text[i] != '-')
      return FALSE;
  return TRUE;
}

static gboolean
address_literal (Cursor *c)
{
  gsize start = ++c->at;

  while (look (c) >= 33 && look (c) <= 126 && (look (c) < 91 || look (c) > 93))
    c->at++;
  if (look (c) != ']')
    return fail (c, look (c) < 0 ? "closing ] of the address literal is missing"
                                 : "character not allowed in an address literal");
  g_autofree char *text = g_strndup ((const char *)c->bytes + start, c->at - start);
  gboolean valid = g_ascii_strncasecmp (text, "IPv6:", 5) == 0 ? ipv6_literal (text + 5)
                                                               : ipv4_literal (text) || general_literal (text);
  if (!valid)
    {
      c->at = start;
      return fail (c, "address literal must be [1.2.3.4], [IPv6:...] or [tag:...]");
    }
  c->at++;
  return TRUE;
}

static gboolean
domain (Cursor *c)
{
  gsize start = c->at;

  if (look (c) == '[')
    {
      if (!address_literal (c))
        return FALSE;
    }
  else
    do
      if (!sub_domain (c))
        return FALSE;
    while (accept_byte (c, '.'));
  return c->at - start <= WT_SMTP_DOMAIN_MAX || fail (c, "domain is longer than 255 octets");
}

/* A-d-l ":" : accepted and ignored (RFC 5321 4.1.1.3, appendix C). */
static gboolean
source_route (Cursor *c)
{
  do
    {
      if (!accept_byte (c, '@'))
        return fail (c, "each host of a source route begins with @");
      if (!domain (c))
        return FALSE;
    }
  while (accept_byte (c, ','));
  return accept_byte (c, ':') || fail (c, "a source route ends with a colon");
}

static char *
domain_text (const guint8 *bytes, gsize n_bytes)
{
  return g_ascii_strdown ((const char *)bytes, n_bytes);
}

/* Mailbox = Local-part "@" ( Domain / address-literal ) */
static gboolean
mailbox (Cursor *c, WtSmtpPathFlags flags, WtSmtpPath *path, WtSmtpPathParts *parts)
{
  parts->local_start = parts->local_end = c->at;
  if (!local_part (c, &path->local_part))
    return FALSE;
  parts->local_end = parts->domain_start = parts->domain_end = c->at;
  if ((flags & WT_SMTP_PATH_ALLOW_POSTMASTER) && look (c) == '>'
      && g_ascii_strcasecmp (path->local_part, "postmaster") == 0)
    {
      path->domain = g_strdup ("");
      return TRUE;
    }
  if (!accept_byte (c, '@'))
    return fail (c, "@ and a domain are missing");
  parts->domain_start = c->at;
  gboolean found = domain (c);
  parts->domain_end = c->at;
  if (found)
    path->domain = domain_text (c->bytes + parts->domain_start, parts->domain_end - parts->domain_start);
  return found;
}

static gboolean
bracketed_path (Cursor *c, WtSmtpPathFlags flags, WtSmtpPath *path, WtSmtpPathParts *parts)
{
  if (!accept_byte (c, '<'))
    return fail (c, "the address must stand in angle brackets");
  if (look (c) == '>' && (flags & WT_SMTP_PATH_ALLOW_NULL))
    {
      parts->local_start = parts->local_end = parts->domain_start = parts->domain_end = c->at++;
      path->local_part = g_strdup ("");
      path->domain = g_strdup ("");
      return TRUE;
    }
  if (look (c) == '@')
    {
      parts->route_start = c->at;
      gboolean found = source_route (c);
      parts->route_end = found ? c->at - 1 : c->at; /* without the colon */
      if (!found)
        return FALSE;
      path->source_route =
          g_strndup ((const char *)c->bytes + parts->route_start, parts->route_end - parts->route_start);
    }
  if (!mailbox (c, flags, path, parts))
    return FALSE;
  if (!accept_byte (c, '>'))
    return fail (c, look (c) < 0 ? "closing > is missing" : "character not allowed in a domain");
  return c->at <= WT_SMTP_PATH_MAX || fail (c, "path is longer than 256 octets");
}

gboolean
wt_smtp_path_parse_parts (const guint8 *bytes, gsize n_bytes, WtSmtpPathFlags flags, WtSmtpPath *path,
                          WtSmtpPathParts *parts, gsize *end, const char **problem)
{
  Cursor c = { .bytes = bytes, .n_bytes = n_bytes, .utf8 = (flags & WT_SMTP_PATH_UTF8) != 0 };
  WtSmtpPath found = { NULL, NULL, NULL };
  WtSmtpPathParts places = { 0 };
  gboolean valid = bracketed_path (&c, flags, &found, &places);

  if (end != NULL)
    *end = c.at;
  if (problem != NULL)
    *problem = c.problem;
  if (parts != NULL)
    *parts = places;
  if (valid && path != NULL)
    *path = found;
  else
    wt_smtp_path_clear (&found);
  return valid;
}

gboolean
wt_smtp_path_parse (const guint8 *bytes, gsize n_bytes, WtSmtpPathFlags flags, WtSmtpPath *path, gsize *end,
                    const char **problem)
{
  return wt_smtp_path_parse_parts (bytes, n_bytes, flags, path, NULL, end, problem);
}

WtSmtpPath *
wt_smtp_mailbox_parse (const char *text, const char **problem)
{
  g_return_val_if_fail (text != NULL, NULL);
  Cursor c = { .bytes = (const guint8 *)text, .n_bytes = strlen (text), .utf8 = TRUE };
  g_autoptr (WtSmtpPath) path = g_new0 (WtSmtpPath, 1);
  WtSmtpPathParts parts = { 0 };
  gboolean valid = mailbox (&c, 0, path, &parts);

  if (valid && c.at < c.n_bytes)
    valid = fail (&c, "character not allowed in a domain");
  if (valid && c.n_bytes + 2 > WT_SMTP_PATH_MAX)
    valid = fail (&c, "path is longer than 256 octets");
  if (problem != NULL)
    *problem = c.problem;
  return valid ? g_steal_pointer (&path) : NULL;
}

gboolean
wt_smtp_domain_valid (const guint8 *bytes, gsize n_bytes, gboolean utf8)
{
  Cursor c = { .bytes = bytes, .n_bytes = n_bytes, .utf8 = utf8, .underscore = TRUE };
  return domain (&c) && c.at == n_bytes;
}
