#include "protocols/imap/imap-parser.h"

#include "protocols/imap/imap-names.h"

#include <string.h>

gboolean
wt_imap_parser_fail (WtImapParser *self, const char *error)
{
  if (self->error == NULL)
    self->error = error;
  return FALSE;
}

gboolean
wt_imap_parser_at_end (const WtImapParser *self)
{
  return self->at >= self->n_bytes;
}

gboolean
wt_imap_parser_end (WtImapParser *self)
{
  return wt_imap_parser_at_end (self) || wt_imap_parser_fail (self, "Unexpected extra arguments");
}

int
wt_imap_parser_peek (const WtImapParser *self)
{
  return self->at < self->n_bytes ? self->bytes[self->at] : -1;
}

gboolean
wt_imap_parser_accept (WtImapParser *self, char c)
{
  if (wt_imap_parser_peek (self) != (guchar)c)
    return FALSE;
  self->at++;
  return TRUE;
}

gboolean
wt_imap_parser_expect (WtImapParser *self, char c)
{
  if (wt_imap_parser_accept (self, c))
    return TRUE;
  switch (c)
    {
    case '(':
      return wt_imap_parser_fail (self, "Parenthesis expected");
    case ')':
      return wt_imap_parser_fail (self, "Closing parenthesis expected");
    case ']':
      return wt_imap_parser_fail (self, "] expected");
    default:
      return wt_imap_parser_fail (self, "Syntax error");
    }
}

gboolean
wt_imap_parser_space (WtImapParser *self)
{
  if (wt_imap_parser_at_end (self))
    return wt_imap_parser_fail (self, "Missing arguments");
  return wt_imap_parser_accept (self, ' ') || wt_imap_parser_fail (self, "Space expected");
}

/* --- atoms ----------------------------------------------------------------------------------------------------------
 */

/* ATOM-CHAR: no specials, no controls, ASCII. */
static gboolean
is_atom_char (int c)
{
  return c > 0x20 && c < 0x7f && strchr ("(){%*\"\\]", c) == NULL;
}

/* ASTRING-CHAR, and those of UTF-8, which some clients put in atoms. */
static gboolean
is_astring_char (int c)
{
  return is_atom_char (c) || c == ']';
}

static gboolean
is_list_char (int c)
{
  return is_astring_char (c) || c == '%' || c == '*' || c >= 0x80;
}

static gsize
run (const WtImapParser *self, gboolean (*fits) (int c))
{
  gsize end = self->at;
  while (end < self->n_bytes && fits (self->bytes[end]))
    end++;
  return end - self->at;
}

gboolean
wt_imap_parser_word (WtImapParser *self, const char *word)
{
  gsize length = strlen (word);
  if (self->n_bytes - self->at < length
      || g_ascii_strncasecmp ((const char *)self->bytes + self->at, word, length) != 0)
    return FALSE;
  if (self->at + length < self->n_bytes && is_atom_char (self->bytes[self->at + length])
      && is_atom_char (word[length - 1]) && self->bytes[self->at + length] != '['
      && self->bytes[self->at + length] != '<')
    return FALSE;
  self->at += length;
  return TRUE;
}

static gboolean
is_tag_char (int c)
{
  return is_astring_char (c) && c != '+';
}

static gboolean
take_run (WtImapParser *self, gboolean (*fits) (int c), const char **text, gsize *n_bytes, const char *error)
{
  *n_bytes = run (self, fits);
  *text = (const char *)self->bytes + self->at;
  if (*n_bytes == 0)
    return wt_imap_parser_fail (self, wt_imap_parser_at_end (self) ? "Missing arguments" : error);
  self->at += *n_bytes;
  return TRUE;
}

gboolean
wt_imap_parser_tag (WtImapParser *self, const char **tag, gsize *n_bytes)
{
  return take_run (self, is_tag_char, tag, n_bytes, "Invalid tag");
}

gboolean
wt_imap_parser_atom (WtImapParser *self, const char **atom, gsize *n_bytes)
{
  return take_run (self, is_atom_char, atom, n_bytes, "Atom expected");
}

char *
wt_imap_parser_verb (WtImapParser *self)
{
  const char *atom;
  gsize n_bytes;
  return wt_imap_parser_atom (self, &atom, &n_bytes) ? g_ascii_strup (atom, n_bytes) : NULL;
}

gboolean
wt_imap_parser_number64 (WtImapParser *self, guint64 *number)
{
  guint64 value = 0;
  gsize from = self->at;
  for (; self->at < self->n_bytes && g_ascii_isdigit (self->bytes[self->at]); self->at++)
    {
      if (value > (G_MAXINT64 - 9) / 10)
        return wt_imap_parser_fail (self, "Number too large");
      value = value * 10 + (self->bytes[self->at] - '0');
    }
  *number = value;
  return self->at > from || wt_imap_parser_fail (self, "Number expected");
}

gboolean
wt_imap_parser_number (WtImapParser *self, guint32 *number)
{
  guint64 value;
  if (!wt_imap_parser_number64 (self, &value))
    return FALSE;
  *number = value;
  return value <= G_MAXUINT32 || wt_imap_parser_fail (self, "Number too large");
}

gboolean
wt_imap_parser_nz_number (WtImapParser *self, guint32 *number)
{
  return wt_imap_parser_number (self, number) && (*number > 0 || wt_imap_parser_fail (self, "Number must not be 0"));
}

/* --- strings --------------------------------------------------------------------------------------------------------
 */

gboolean
wt_imap_parser_literal (WtImapParser *self, const guint8 **bytes, gsize *n_bytes, gboolean *binary)
{
  guint64 size;
  *binary = wt_imap_parser_accept (self, '~');
  if (!wt_imap_parser_expect (self, '{') || !wt_imap_parser_number64 (self, &size))
    return FALSE;
  wt_imap_parser_accept (self, '+');
  if (!wt_imap_parser_expect (self, '}') || !wt_imap_parser_expect (self, '\r') || !wt_imap_parser_expect (self, '\n'))
    return FALSE;
  if (size > self->n_bytes - self->at)
    return wt_imap_parser_fail (self, "Literal expected");
  *bytes = self->bytes + self->at;
  *n_bytes = size;
  self->at += size;
  return TRUE;
}

static gboolean
quoted (WtImapParser *self, char **string)
{
  g_autoptr (GString) text = g_string_new (NULL);
  self->at++;
  for (; self->at < self->n_bytes; self->at++)
    {
      guint8 c = self->bytes[self->at];
      if (c == '"')
        {
          self->at++;
          *string = g_string_free (g_steal_pointer (&text), FALSE);
          return TRUE;
        }
      if (c == '\\' && self->at + 1 < self->n_bytes)
        {
          c = self->bytes[++self->at];
          if (c != '"' && c != '\\')
            return wt_imap_parser_fail (self, "Only \\ and \" may follow a \\ in a quoted string");
        }
      if (c == 0 || c == '\r' || c == '\n')
        return wt_imap_parser_fail (self, "Control character in a quoted string");
      g_string_append_c (text, c);
    }
  return wt_imap_parser_fail (self, "Missing '\"'");
}

gboolean
wt_imap_parser_string (WtImapParser *self, char **string)
{
  const guint8 *bytes;
  gsize n_bytes;
  gboolean binary;
  *string = NULL;
  if (wt_imap_parser_peek (self) == '"')
    return quoted (self, string);
  if (wt_imap_parser_peek (self) != '{')
    return wt_imap_parser_fail (self, wt_imap_parser_at_end (self) ? "Missing arguments" : "String expected");
  if (!wt_imap_parser_literal (self, &bytes, &n_bytes, &binary))
    return FALSE;
  if (memchr (bytes, 0, n_bytes) != NULL)
    return wt_imap_parser_fail (self, "NUL in a literal");
  *string = g_strndup ((const char *)bytes, n_bytes);
  return TRUE;
}

static gboolean
string_or_run (WtImapParser *self, gboolean (*fits) (int c), char **string)
{
  const char *text;
  gsize n_bytes;
  *string = NULL;
  if (wt_imap_parser_peek (self) == '"' || wt_imap_parser_peek (self) == '{')
    return wt_imap_parser_string (self, string);
  if (!take_run (self, fits, &text, &n_bytes, "String expected"))
    return FALSE;
  *string = g_strndup (text, n_bytes);
  return TRUE;
}

gboolean
wt_imap_parser_astring (WtImapParser *self, char **string)
{
  return string_or_run (self, is_astring_char, string);
}

gboolean
wt_imap_parser_list_mailbox (WtImapParser *self, char **string)
{
  return string_or_run (self, is_list_char, string);
}

gboolean
wt_imap_parser_nstring (WtImapParser *self, char **string)
{
  *string = NULL;
  return wt_imap_parser_word (self, "NIL") || wt_imap_parser_string (self, string);
}

gboolean
wt_imap_parser_mailbox (WtImapParser *self, char **name)
{
  g_autofree char *wire = NULL;
  *name = NULL;
  if (!string_or_run (self, is_astring_char, &wire))
    return FALSE;
  if (g_ascii_strcasecmp (wire, "INBOX") == 0)
    *name = g_strdup ("INBOX");
  else if (self->utf8 && g_utf8_validate (wire, -1, NULL))
    *name = g_steal_pointer (&wire);
  else
    *name = wt_imap_name_decode (wire, strlen (wire));
  return *name != NULL || wt_imap_parser_fail (self, "Mailbox name is not valid modified UTF-7");
}

/* --- sets, flags, dates ---------------------------------------------------------------------------------------------
 */

gboolean
wt_imap_parser_set (WtImapParser *self, WtImapSet *set)
{
  gsize used;
  set->saved = wt_imap_parser_accept (self, '$');
  if (set->saved)
    return TRUE;
  if (!wt_imap_set_parse (set, self->bytes + self->at, self->n_bytes - self->at, &used))
    return wt_imap_parser_fail (self, wt_imap_parser_at_end (self) ? "Missing arguments" : "Invalid message set");
  self->at += used;
  return TRUE;
}

static gboolean
flag (WtImapParser *self, guint32 *flags, GPtrArray *keywords)
{
  const char *atom;
  gsize n_bytes, from = self->at;
  gboolean system = wt_imap_parser_accept (self, '\\');
  if (!wt_imap_parser_atom (self, &atom, &n_bytes))
    return FALSE;
  if (!system)
    {
      g_ptr_array_add (keywords, g_strndup (atom, n_bytes));
      return TRUE;
    }
  guint32 bit = wt_imap_flag_by_name ((const char *)self->bytes + from, n_bytes + 1);
  if (bit == 0 || bit == WT_IMAP_RECENT)
    return wt_imap_parser_fail (self, bit ? "\\Recent cannot be set by clients" : "Unknown system flag");
  *flags |= bit;
  return TRUE;
}

gboolean
wt_imap_parser_flags (WtImapParser *self, gboolean bare, guint32 *flags, GPtrArray *keywords)
{
  gboolean list = wt_imap_parser_accept (self, '(');
  *flags = 0;
  if (!list && !bare)
    return wt_imap_parser_fail (self, "Flags list expected");
  if (list && wt_imap_parser_accept (self, ')'))
    return TRUE;
  do
    if (!flag (self, flags, keywords))
      return FALSE;
  while (wt_imap_parser_accept (self, ' '));
  return !list || wt_imap_parser_expect (self, ')');
}

static gboolean
month (WtImapParser *self, guint32 *number)
{
  static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  for (guint i = 0; i < 12 && self->n_bytes - self->at >= 3; i++)
    if (g_ascii_strncasecmp (names + 3 * i, (const char *)self->bytes + self->at, 3) == 0)
      {
        self->at += 3;
        *number = i + 1;
        return TRUE;
      }
  return wt_imap_parser_fail (self, "Invalid date");
}

/* The day as "17-Jul-1996". */
static gboolean
day (WtImapParser *self, GDate *date)
{
  guint32 day_number, month_number = 0, year;
  if (!wt_imap_parser_nz_number (self, &day_number) || !wt_imap_parser_expect (self, '-')
      || !month (self, &month_number) || !wt_imap_parser_expect (self, '-') || !wt_imap_parser_number (self, &year))
    return FALSE;
  if (year < 1 || year > 9999 || day_number > 31 || !g_date_valid_dmy (day_number, month_number, year))
    return wt_imap_parser_fail (self, "Invalid date");
  g_date_set_dmy (date, day_number, month_number, year);
  return TRUE;
}

static gint64
days_since_1970 (const GDate *date)
{
  return (gint64)g_date_get_julian (date) - 719163;
}

gboolean
wt_imap_parser_date (WtImapParser *self, gint64 *days)
{
  GDate date;
  g_date_clear (&date, 1);
  gboolean in_quotes = wt_imap_parser_accept (self, '"');
  if (!day (self, &date) || (in_quotes && !wt_imap_parser_expect (self, '"')))
    return FALSE;
  *days = days_since_1970 (&date);
  return TRUE;
}

static gboolean
two_digits (WtImapParser *self, guint max, gint64 *value)
{
  if (self->n_bytes - self->at < 2 || !g_ascii_isdigit (self->bytes[self->at])
      || !g_ascii_isdigit (self->bytes[self->at + 1]))
    return wt_imap_parser_fail (self, "Invalid date");
  *value = (self->bytes[self->at] - '0') * 10 + (self->bytes[self->at + 1] - '0');
  self->at += 2;
  return *value <= max || wt_imap_parser_fail (self, "Invalid date");
}

gboolean
wt_imap_parser_date_time (WtImapParser *self, gint64 *seconds)
{
  GDate date;
  gint64 hour, minute, second, zone_hour, zone_minute;
  g_date_clear (&date, 1);
  if (!wt_imap_parser_expect (self, '"'))
    return FALSE;
  wt_imap_parser_accept (self, ' '); /* date-day-fixed */
  if (!day (self, &date) || !wt_imap_parser_expect (self, ' ') || !two_digits (self, 23, &hour)
      || !wt_imap_parser_expect (self, ':') || !two_digits (self, 59, &minute) || !wt_imap_parser_expect (self, ':')
      || !two_digits (self, 60, &second) || !wt_imap_parser_expect (self, ' '))
    return FALSE;
  gboolean west = wt_imap_parser_accept (self, '-');
  if ((!west && !wt_imap_parser_expect (self, '+')) || !two_digits (self, 23, &zone_hour)
      || !two_digits (self, 59, &zone_minute) || !wt_imap_parser_expect (self, '"'))
    return FALSE;
  gint64 zone = zone_hour * 3600 + zone_minute * 60;
  *seconds = days_since_1970 (&date) * 86400 + hour * 3600 + minute * 60 + second + (west ? zone : -zone);
  return TRUE;
}
