/* Dissection of a command line: verb, argument, and in it paths and parameters (RFC 5321 4.1.1, 4.1.2). */
#include "protocols/smtp/smtp-dissect-private.h"

#include "protocols/smtp/smtp-address.h"
#include "protocols/smtp/smtp-params.h"
#include "protocols/smtp/smtp-server-private.h"

#include <string.h>

/* The argument of a command and where it stands in the message. */
typedef struct {
  const guint8 *bytes;
  gsize n_bytes;
  gsize at;
} Argument;

static void
append_part (WtField *parent, WtSmtpField id, const Argument *argument, gsize start, gsize end)
{
  if (end > start)
    wt_field_append_string (parent, SMTP_INFO (id), argument->at + start, argument->at + end,
                            (const char *) argument->bytes + start, end - start);
}

static void
append_params (WtField *field, const Argument *argument, gsize at)
{
  WtSmtpParam param;
  while (wt_smtp_param_next (argument->bytes, argument->n_bytes, &at, &param))
    {
      gsize keyword_end = param.start + param.n_keyword;
      WtField *child = wt_field_append_string (field, SMTP_INFO (SMTP_PARAM), argument->at + param.start,
                                               argument->at + param.end, (const char *) param.keyword, param.n_keyword);
      g_autofree char *keyword = g_ascii_strup (child->value, -1);
      wt_field_set_glossary (child, "smtp.parameter.%s", keyword);
      append_part (child, SMTP_PARAM_VALUE, argument, keyword_end + 1, param.end);
    }
  if (at < argument->n_bytes)
    wt_field_append_string (field, SMTP_INFO (SMTP_PROBLEM), argument->at + at, argument->at + argument->n_bytes,
                            "not a parameter", -1);
}

/* "FROM:<path> parameters" or "TO:<path> parameters". */
static void
append_path (WtField *field, WtSmtpField id, const char *prefix, WtSmtpPathFlags flags, const Argument *argument)
{
  gsize start = strlen (prefix), end = 0;
  const char *problem = NULL;
  WtSmtpPathParts parts = { 0 };
  if (argument->n_bytes < start || g_ascii_strncasecmp ((const char *) argument->bytes, prefix, start) != 0)
    return;
  while (start < argument->n_bytes && argument->bytes[start] == ' ')
    start++;
  gboolean valid = wt_smtp_path_parse_parts (argument->bytes + start, argument->n_bytes - start,
                                             flags | WT_SMTP_PATH_UTF8, NULL, &parts, &end, &problem);
  if (end > 0)
    {
      WtField *path = wt_field_append_string (field, SMTP_INFO (id), argument->at + start, argument->at + start + end,
                                              (const char *) argument->bytes + start, end);
      append_part (path, SMTP_ROUTE, argument, start + parts.route_start, start + parts.route_end);
      append_part (path, SMTP_LOCAL_PART, argument, start + parts.local_start, start + parts.local_end);
      append_part (path, SMTP_DOMAIN, argument, start + parts.domain_start, start + parts.domain_end);
    }
  if (valid)
    append_params (field, argument, start + end);
  else
    wt_field_append_string (field, SMTP_INFO (SMTP_PROBLEM), argument->at + start + end,
                            argument->at + argument->n_bytes, problem, -1);
}

static void
append_chunk_size (WtField *field, const Argument *argument)
{
  gsize digits = 0;
  guint64 size;
  while (digits < argument->n_bytes && argument->bytes[digits] != ' ')
    digits++;
  if (!wt_smtp_number_parse (argument->bytes, digits, &size))
    return;
  wt_field_append_number (field, SMTP_INFO (SMTP_CHUNK_SIZE), argument->at, argument->at + digits, size);
  if (digits < argument->n_bytes)
    wt_field_append_number (field, SMTP_INFO (SMTP_CHUNK_LAST), argument->at + digits + 1,
                            argument->at + argument->n_bytes, TRUE);
}

static void
append_argument (WtField *line, const char *verb, const Argument *argument)
{
  WtField *field = wt_field_append_string (line, SMTP_INFO (SMTP_PARAMETER), argument->at,
                                           argument->at + argument->n_bytes, (const char *) argument->bytes,
                                           argument->n_bytes);
  if (strcmp (verb, "MAIL") == 0)
    append_path (field, SMTP_REVERSE_PATH, "FROM:", WT_SMTP_PATH_ALLOW_NULL, argument);
  else if (strcmp (verb, "RCPT") == 0)
    append_path (field, SMTP_FORWARD_PATH, "TO:", WT_SMTP_PATH_ALLOW_POSTMASTER, argument);
  else if (strcmp (verb, "BDAT") == 0)
    append_chunk_size (field, argument);
  else if (strcmp (verb, "EHLO") == 0 || strcmp (verb, "HELO") == 0 || strcmp (verb, "LHLO") == 0)
    append_part (field, SMTP_CLIENT, argument, 0, argument->n_bytes);
}

static gsize
line_length (const guint8 *bytes, gsize n_bytes)
{
  gboolean ended = n_bytes >= 2 && bytes[n_bytes - 2] == '\r' && bytes[n_bytes - 1] == '\n';
  return ended ? n_bytes - 2 : n_bytes;
}

void
wt_smtp_dissect_command (WtField *root, const guint8 *bytes, gsize n_bytes)
{
  gsize end = line_length (bytes, n_bytes), verb_end = 0;
  WtField *line = wt_field_append_string (root, SMTP_INFO (SMTP_COMMAND_LINE), 0, n_bytes, (const char *) bytes, end);
  wt_field_append_number (line, SMTP_INFO (SMTP_REQ), 0, 0, TRUE);
  while (verb_end < end && bytes[verb_end] != ' ')
    verb_end++;
  const WtSmtpCommand *command = wt_smtp_command_find (bytes, verb_end);
  g_autofree char *verb = g_ascii_strup ((const char *) bytes, verb_end);
  WtField *field = wt_field_append_string (line, SMTP_INFO (SMTP_COMMAND), 0, verb_end, (const char *) bytes, verb_end);
  wt_field_set_glossary (field, "smtp.command.%s", command ? command->verb : "unknown");
  gsize start = verb_end;
  while (start < end && bytes[start] == ' ')
    start++;
  if (start < end)
    append_argument (line, verb, &(Argument){ bytes + start, end - start, start });
}
