/* Text to tokens, and the errors that point into the text. */
#include "app/trace/filter-private.h"

#include <glib/gi18n.h>
#include <string.h>

/* Longest first. */
static const char *const signs[] = { "===", "!==", "==", "!=", "~=", ">=", "<=", "&&", "||", "^^", "..", "(", ")",
                                     "{",   "}",   ",",  ">",  "<",  "!",  "~",  "&",  "[",  "]" };

static gboolean
is_word_char (char c)
{
  return g_ascii_isalnum (c) || (c && strchr ("_.:/-", c) != NULL);
}

static gsize
word_length (const char *text)
{
  gsize length = 0;
  while (is_word_char (text[length]) && !(text[length] == '.' && text[length + 1] == '.'))
    length++;
  return length;
}

static gsize
sign_length (const char *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (signs); i++)
    if (g_str_has_prefix (text, signs[i]))
      return strlen (signs[i]);
  return 0;
}

/* `text` is at the opening quote. 0: there is no closing one. */
static gsize
string_length (const char *text)
{
  gboolean raw = *text == 'r';
  for (gsize i = raw ? 2 : 1; text[i]; i++)
    {
      if (text[i] == '"')
        return i + 1;
      if (text[i] == '\\' && text[i + 1])
        i++;
    }
  return 0;
}

gboolean
wt_filter_advance (WtFilterParser *self)
{
  self->next += strspn (self->next, " \t\r\n");
  WtToken token = { WT_TOKEN_END, self->next, 0 };
  if (*self->next == '"' || (*self->next == 'r' && self->next[1] == '"'))
    {
      token.type = WT_TOKEN_STRING;
      token.length = string_length (self->next);
      if (token.length == 0)
        {
          token.length = strlen (self->next);
          return wt_filter_fail (self, &token, WT_FILTER_ERROR_SYNTAX, _("a closing \" after the text"));
        }
    }
  else if ((token.length = word_length (self->next)) > 0)
    token.type = WT_TOKEN_WORD;
  else if ((token.length = sign_length (self->next)) > 0)
    token.type = WT_TOKEN_SIGN;
  else if (*self->next)
    {
      token.type = WT_TOKEN_OTHER;
      token.length = g_utf8_next_char (self->next) - self->next;
    }
  self->token = token;
  self->next += token.length;
  return TRUE;
}

gboolean
wt_token_is (const WtToken *token, const char *text)
{
  return (token->type == WT_TOKEN_WORD || token->type == WT_TOKEN_SIGN) && strlen (text) == token->length
         && memcmp (token->start, text, token->length) == 0;
}

#define FOUND_MAX 40 /* characters of a token that an error shows */

static char *
found_text (const WtToken *found)
{
  if (found->type == WT_TOKEN_END)
    return g_strdup (_("the end"));
  g_autofree char *text = g_strndup (found->start, found->length);
  gboolean quoted = found->type == WT_TOKEN_STRING;
  if (g_utf8_strlen (text, -1) <= FOUND_MAX)
    return quoted ? g_steal_pointer (&text) : g_strdup_printf ("\"%s\"", text);
  g_autofree char *start = g_utf8_substring (text, 0, FOUND_MAX);
  return quoted ? g_strdup_printf ("%s…", start) : g_strdup_printf ("\"%s…\"", start);
}

gboolean
wt_filter_fail (WtFilterParser *self, const WtToken *found, WtFilterError code, const char *expected, ...)
{
  guint column = g_utf8_pointer_to_offset (self->text, found->start) + 1;
  va_list args;
  va_start (args, expected);
  g_autofree char *what = g_strdup_vprintf (expected, args);
  va_end (args);
  g_autofree char *text = found_text (found);
  if (self->column)
    *self->column = column;
  g_set_error (self->error, WT_FILTER_ERROR, code, _("column %u: found %s; expected %s"), column, text, what);
  return FALSE;
}

/* --- strings ------------------------------------------------------------------------------------------------------ */

/* Digits of `base` at `text`, at most `max`. Returns how many. */
static gsize
read_digits (const char *text, guint base, gsize max, guint32 *number)
{
  gsize n = 0;
  *number = 0;
  for (; n < max; n++)
    {
      int digit = g_ascii_xdigit_value (text[n]);
      if (digit < 0 || digit >= (int)base)
        break;
      *number = *number * base + digit;
    }
  return n;
}

static gboolean
append_number_escape (const char *text, GString *out, gsize *used)
{
  guint32 number;
  gsize digits;
  if (*text == 'x' && (digits = read_digits (text + 1, 16, 2, &number)) > 0)
    g_string_append_c (out, (char)number);
  else if ((*text == 'u' && (digits = read_digits (text + 1, 16, 4, &number)) == 4)
           || (*text == 'U' && (digits = read_digits (text + 1, 16, 8, &number)) == 8))
    {
      if (!g_unichar_validate (number))
        return FALSE;
      g_string_append_unichar (out, number);
    }
  else if ((digits = read_digits (text, 8, 3, &number)) > 0 && number < 256)
    {
      g_string_append_c (out, (char)number);
      digits--; /* there is no letter before them */
    }
  else
    return FALSE;
  *used = digits + 1;
  return TRUE;
}

/* What stands after a backslash. FALSE: it is no escape. */
static gboolean
append_escape (const char *text, GString *out, gsize *used)
{
  static const char letters[] = "abfnrtv\\\"'", meaning[] = "\a\b\f\n\r\t\v\\\"'";
  const char *letter = strchr (letters, *text);
  *used = 1;
  if (letter == NULL)
    return append_number_escape (text, out, used);
  g_string_append_c (out, meaning[letter - letters]);
  return TRUE;
}

GString *
wt_filter_unescape (WtFilterParser *self, const WtToken *token, gboolean keep_unknown)
{
  gboolean raw = *token->start == 'r';
  const char *p = token->start + (raw ? 2 : 1), *end = token->start + token->length - 1;
  GString *out = g_string_sized_new (token->length);
  while (p < end)
    {
      gsize used = 1;
      if (raw || *p != '\\')
        g_string_append_c (out, *p);
      else if (append_escape (p + 1, out, &used))
        used++;
      else if (keep_unknown)
        g_string_append_c (out, *p);
      else
        {
          WtToken escape = { WT_TOKEN_OTHER, p, g_utf8_next_char (p + 1) - p };
          wt_filter_fail (self, &escape, WT_FILTER_ERROR_SYNTAX,
                          _("an escape such as \\\\ \\\" \\n \\x41, or a raw string r\"...\""));
          g_string_free (out, TRUE);
          return NULL;
        }
      p += used;
    }
  return out;
}
