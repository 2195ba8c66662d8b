/* What the responses mean: from the greeting over login and listing to the messages. */
#include "protocols/imap/imap-client-private.h"
#include "protocols/imap/imap-dissect-private.h"

#include <string.h>

/* The tag of the command at hand is on it. */
gboolean
wt_imap_client_is_final (const WtImapClient *self, const guint8 *bytes, gsize n_bytes)
{
  WtImapScan scan = { bytes, n_bytes };
  WtImapToken tag;
  g_autofree char *wanted = g_strdup_printf ("a%u", self->exchange);
  if (self->step == WT_IMAP_STEP_GREETING)
    return TRUE;
  return self->step != WT_IMAP_STEP_CHOICE && wt_imap_scan_next (&scan, &tag) && wt_imap_token_is (&scan, &tag, wanted);
}

static gboolean
read_number (const WtImapScan *scan, const WtImapToken *token, guint32 *number)
{
  guint64 value;
  g_autofree char *text = wt_imap_token_upper (scan, token);
  if (token->type != IMAP_TOKEN_ATOM || !g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT32, &value, NULL))
    return FALSE;
  *number = value;
  return TRUE;
}

/* What stands behind the status, for people. (transfer full) */
static char *
status_text (const WtImapScan *scan)
{
  gsize end = wt_imap_line_end (scan->bytes, scan->n_bytes, scan->at), start = MIN (scan->at + 1, end);
  return g_utf8_make_valid ((const char *)scan->bytes + start, end - start);
}

/* [UIDVALIDITY 7], [CAPABILITY ... LOGINDISABLED] */
static void
read_code (WtImapClient *self, WtImapScan scan)
{
  WtImapToken token;
  gsize end = wt_imap_line_end (scan.bytes, scan.n_bytes, scan.at);
  const guint8 *open = scan.at + 1 < end && scan.bytes[scan.at + 1] == '[' ? scan.bytes + scan.at + 1 : NULL;
  const guint8 *close = open ? memchr (open, ']', scan.bytes + end - open) : NULL;
  if (close == NULL)
    return;
  scan.at = open - scan.bytes + 1;
  scan.n_bytes = close - scan.bytes;
  while (wt_imap_scan_next (&scan, &token))
    if (wt_imap_token_is (&scan, &token, "LOGINDISABLED"))
      self->login_disabled = TRUE;
    else if (wt_imap_token_is (&scan, &token, "UIDVALIDITY") && wt_imap_scan_next (&scan, &token))
      read_number (&scan, &token, &self->uid_validity);
}

/* --- login ----------------------------------------------------------------------------------------------------------
 */

/* (transfer full) (nullable): a quoted string; NULL: it cannot be one. */
static char *
quote (const char *text)
{
  g_autoptr (GString) quoted = g_string_new ("\"");
  for (; *text; text++)
    {
      if ((guchar)*text < ' ' || (guchar)*text > '~')
        return NULL;
      if (*text == '"' || *text == '\\')
        g_string_append_c (quoted, '\\');
      g_string_append_c (quoted, *text);
    }
  g_string_append_c (quoted, '"');
  return g_string_free (g_steal_pointer (&quoted), FALSE);
}

static void
login (WtImapClient *self)
{
  g_autofree char *user = quote (self->user), *password = quote (self->password);
  if (self->login_disabled)
    wt_imap_client_fail (self, "The server allows no login without TLS");
  else if (user == NULL || password == NULL)
    wt_imap_client_fail (self, "Name and password may hold printable ASCII only");
  else
    wt_imap_client_command (self, WT_IMAP_STEP_LOGIN, "LOGIN %s %s", user, password);
}

static void
take_greeting (WtImapClient *self, WtImapScan *scan)
{
  WtImapToken tag, word;
  gboolean any =
      wt_imap_scan_next (scan, &tag) && wt_imap_token_is (scan, &tag, "*") && wt_imap_scan_next (scan, &word);
  self->step = WT_IMAP_STEP_CHOICE;
  read_code (self, *scan);
  if (any && wt_imap_token_is (scan, &word, "OK"))
    {
      wt_imap_client_move (self, "greeting");
      login (self);
    }
  else if (any && wt_imap_token_is (scan, &word, "PREAUTH"))
    {
      wt_imap_client_move (self, "user known already");
      wt_imap_client_command (self, WT_IMAP_STEP_SELECT, "SELECT INBOX");
    }
  else
    {
      g_autofree char *text = any && wt_imap_token_is (scan, &word, "BYE") ? status_text (scan) : NULL;
      wt_imap_client_fail (self, text ? text : "Server sent what is no IMAP greeting");
    }
}

/* --- data -----------------------------------------------------------------------------------------------------------
 */

static guint32
read_flags (WtImapScan *scan)
{
  WtImapToken token;
  guint32 flags = 0;
  while (wt_imap_scan_next (scan, &token) && token.type != IMAP_TOKEN_CLOSE)
    if (token.type == IMAP_TOKEN_ATOM)
      flags |= wt_imap_flag_by_name ((const char *)scan->bytes + token.text, token.text_end - token.text);
  return flags;
}

/* (FLAGS (\Seen) UID 7 BODY[] {12} ...) of what we ask for. */
static void
take_fetch (WtImapClient *self, WtImapScan *scan)
{
  WtImapClientMail mail = { 0 };
  WtImapToken token, body = { 0 };
  while (wt_imap_scan_next (scan, &token))
    if (wt_imap_token_is (scan, &token, "UID") && wt_imap_scan_next (scan, &token))
      read_number (scan, &token, &mail.uid);
    else if (wt_imap_token_is (scan, &token, "FLAGS"))
      mail.flags = read_flags (scan);
    else if (wt_imap_token_is (scan, &token, "BODY[]"))
      wt_imap_scan_next (scan, &body);
  if (mail.uid == 0)
    return; /* a change that the server tells on its own */
  if (self->step == WT_IMAP_STEP_LIST && self->mails->len < WT_IMAP_CLIENT_MAILS_MAX)
    g_array_append_val (self->mails, mail);
  if (self->step == WT_IMAP_STEP_FETCH && (body.type == IMAP_TOKEN_LITERAL || body.type == IMAP_TOKEN_QUOTED))
    {
      WtImapClientEvent event = { .type = WT_IMAP_CLIENT_MESSAGE, .uid = mail.uid };
      g_autoptr (GBytes) message = g_bytes_new (scan->bytes + body.text, body.text_end - body.text);
      wt_imap_client_push (self, &event, message, NULL);
    }
}

static void
take_untagged (WtImapClient *self, WtImapScan *scan)
{
  WtImapToken word;
  guint32 number;
  if (!wt_imap_scan_next (scan, &word))
    return;
  if (wt_imap_token_is (scan, &word, "BYE") && self->step != WT_IMAP_STEP_LOGOUT)
    {
      g_autofree char *text = status_text (scan);
      wt_imap_client_fail (self, text);
    }
  else if (wt_imap_token_is (scan, &word, "OK"))
    read_code (self, *scan);
  else if (read_number (scan, &word, &number) && wt_imap_scan_next (scan, &word)
           && wt_imap_token_is (scan, &word, "FETCH"))
    take_fetch (self, scan);
}

/* --- the end of a command -------------------------------------------------------------------------------------------
 */

static gint
by_uid (gconstpointer a, gconstpointer b)
{
  guint32 x = ((const WtImapClientMail *)a)->uid, y = ((const WtImapClientMail *)b)->uid;
  return x < y ? -1 : x > y;
}

static void
listed (WtImapClient *self)
{
  g_array_sort (self->mails, by_uid);
  WtImapClientEvent event = { .type = WT_IMAP_CLIENT_LISTED,
                              .mails = (const WtImapClientMail *)self->mails->data,
                              .n_mails = self->mails->len,
                              .uid_validity = self->uid_validity };
  wt_imap_client_push (self, &event, NULL, NULL);
}

static void
succeeded (WtImapClient *self, WtImapStep step)
{
  static const WtImapClientEvent done = { .type = WT_IMAP_CLIENT_DONE };
  switch (step)
    {
    case WT_IMAP_STEP_LOGIN:
      wt_imap_client_move (self, "LOGIN");
      wt_imap_client_command (self, WT_IMAP_STEP_SELECT, "SELECT INBOX");
      break;
    case WT_IMAP_STEP_SELECT:
      wt_imap_client_move (self, "SELECT");
      wt_imap_client_command (self, WT_IMAP_STEP_LIST, "UID FETCH 1:* (FLAGS)");
      break;
    case WT_IMAP_STEP_LIST:
      listed (self);
      break;
    case WT_IMAP_STEP_LOGOUT:
      wt_imap_client_move (self, "LOGOUT");
      wt_imap_client_push (self, &done, NULL, NULL);
      wt_imap_client_close_now (self);
      break;
    case WT_IMAP_STEP_GREETING:
    case WT_IMAP_STEP_FETCH:
    case WT_IMAP_STEP_CHOICE:
      break;
    }
}

void
wt_imap_client_response (WtImapClient *self, const guint8 *bytes, gsize n_bytes)
{
  WtImapScan scan = { bytes, n_bytes };
  WtImapToken tag, word;
  WtImapStep step = self->step;
  if (step == WT_IMAP_STEP_GREETING)
    take_greeting (self, &scan);
  else if (wt_imap_client_is_final (self, bytes, n_bytes))
    {
      wt_imap_scan_next (&scan, &tag);
      gboolean ok = wt_imap_scan_next (&scan, &word) && wt_imap_token_is (&scan, &word, "OK");
      g_autofree char *text = status_text (&scan);
      self->step = WT_IMAP_STEP_CHOICE;
      if (ok || step == WT_IMAP_STEP_FETCH) /* NO: some of the messages have gone meanwhile */
        succeeded (self, step);
      else
        wt_imap_client_fail (self, text);
    }
  else if (wt_imap_scan_next (&scan, &tag) && wt_imap_token_is (&scan, &tag, "*"))
    take_untagged (self, &scan);
  else
    wt_imap_client_fail (self, "Server sent what is no IMAP response");
}
