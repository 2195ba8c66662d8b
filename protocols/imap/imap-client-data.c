/* What the server tells: capabilities, response codes, and the data of mailboxes and messages (RFC 9051 7). */
#include "protocols/imap/imap-client-private.h"

#include "protocols/imap/imap-names.h"
#include "protocols/imap/imap-set.h"

#include <string.h>

static gboolean
read_number (const WtImapScan *scan, const WtImapToken *token, guint64 *number)
{
  g_autofree char *text = wt_imap_token_upper (scan, token);
  return token->type == IMAP_TOKEN_ATOM && g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, number, NULL);
}

static guint32
next_number (WtImapScan *scan)
{
  WtImapToken token;
  guint64 number;
  return wt_imap_scan_next (scan, &token) && read_number (scan, &token, &number) ? MIN (number, G_MAXUINT32) : 0;
}

char *
wt_imap_client_status_text (const WtImapScan *scan)
{
  gsize end = wt_imap_line_end (scan->bytes, scan->n_bytes, scan->at), start = MIN (scan->at + 1, end);
  return g_utf8_make_valid ((const char *)scan->bytes + start, end - start);
}

/* A string as it is meant. (transfer full) */
static char *
token_string (const WtImapScan *scan, const WtImapToken *token)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (gsize at = token->text; at < token->text_end; at++)
    {
      if (token->type == IMAP_TOKEN_QUOTED && scan->bytes[at] == '\\' && at + 1 < token->text_end)
        at++;
      g_string_append_c (text, scan->bytes[at]);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* A folder's name, in UTF-8 whatever it was in. (transfer full) */
static char *
token_folder (const WtImapClient *self, const WtImapScan *scan, const WtImapToken *token)
{
  g_autofree char *wire = token_string (scan, token);
  g_autofree char *name = wt_imap_client_speaks_utf8 (self) ? NULL : wt_imap_name_decode (wire, strlen (wire));
  return g_utf8_make_valid (name ? name : wire, -1);
}

/* --- what the server can do -----------------------------------------------------------------------------------------
 */

static WtImapExtensions
extension_by_name (const WtImapScan *scan, const WtImapToken *token)
{
  for (guint i = 0; i < WT_IMAP_N_EXTENSIONS; i++)
    if (wt_imap_token_is (scan, token, wt_imap_extension_names[i]))
      return 1u << i;
  return 0;
}

/* What IMAP4rev2 has without saying so (RFC 9051 appendix E), for a server that speaks nothing else. */
#define IN_REV2                                                                                                       \
  (WT_IMAP_EXT_LITERAL_MINUS | WT_IMAP_EXT_SASL_IR | WT_IMAP_EXT_ENABLE | WT_IMAP_EXT_IDLE | WT_IMAP_EXT_NAMESPACE        \
   | WT_IMAP_EXT_CHILDREN | WT_IMAP_EXT_LIST_EXTENDED | WT_IMAP_EXT_LIST_STATUS | WT_IMAP_EXT_STATUS_SIZE                \
   | WT_IMAP_EXT_UNSELECT | WT_IMAP_EXT_UIDPLUS | WT_IMAP_EXT_MOVE | WT_IMAP_EXT_ESEARCH | WT_IMAP_EXT_SEARCHRES)

void
wt_imap_client_read_capabilities (WtImapClient *self, WtImapScan *scan)
{
  WtImapToken token;
  self->offered = 0;
  self->mechanisms = 0;
  self->login_disabled = self->starttls_offered = self->rev1 = FALSE;
  self->known = TRUE;
  while (wt_imap_scan_next (scan, &token))
    {
      const char *text = (const char *)scan->bytes + token.text;
      gsize length = token.text_end - token.text;
      self->offered |= extension_by_name (scan, &token);
      self->login_disabled |= wt_imap_token_is (scan, &token, "LOGINDISABLED");
      self->starttls_offered |= wt_imap_token_is (scan, &token, "STARTTLS");
      self->rev1 |= wt_imap_token_is (scan, &token, "IMAP4rev1");
      if (length > 5 && g_ascii_strncasecmp (text, "AUTH=", 5) == 0)
        self->mechanisms |= wt_sasl_mechanism (text + 5, length - 5);
    }
  if (self->offered & WT_IMAP_EXT_REV2 && !self->rev1)
    self->offered |= IN_REV2;
}

static void
take_enabled (WtImapClient *self, WtImapScan *scan)
{
  WtImapToken token;
  while (wt_imap_scan_next (scan, &token))
    self->enabled |= extension_by_name (scan, &token);
}

void
wt_imap_client_read_code (WtImapClient *self, WtImapScan scan)
{
  WtImapToken token;
  gsize end = wt_imap_line_end (scan.bytes, scan.n_bytes, scan.at);
  const guint8 *open = scan.at + 1 < end && scan.bytes[scan.at + 1] == '[' ? scan.bytes + scan.at + 1 : NULL;
  const guint8 *close = open ? memchr (open, ']', scan.bytes + end - open) : NULL;
  if (close == NULL)
    return;
  scan.at = open - scan.bytes + 1;
  scan.n_bytes = close - scan.bytes;
  if (!wt_imap_scan_next (&scan, &token))
    return;
  if (wt_imap_token_is (&scan, &token, "CAPABILITY"))
    wt_imap_client_read_capabilities (self, &scan);
  else if (wt_imap_token_is (&scan, &token, "UIDVALIDITY"))
    self->uid_validity = next_number (&scan);
  else if (wt_imap_token_is (&scan, &token, "TRYCREATE"))
    self->try_create = TRUE;
  else if (wt_imap_token_is (&scan, &token, "APPENDUID") && next_number (&scan) != 0)
    self->appended = next_number (&scan);
}

/* --- the open mailbox -----------------------------------------------------------------------------------------------
 */

void
wt_imap_client_forget_mailbox (WtImapClient *self)
{
  g_clear_pointer (&self->selected, g_free);
  g_array_set_size (self->mails, 0);
  self->uid_validity = 0;
  self->listed = self->news = FALSE;
}

static void
take_exists (WtImapClient *self, guint64 n)
{
  guint now = MIN (n, WT_IMAP_CLIENT_MAILS_MAX);
  self->news |= now > self->mails->len;
  g_array_set_size (self->mails, now);
}

static void
tell_removed (WtImapClient *self, guint32 uid)
{
  WtImapClientEvent event = { .type = WT_IMAP_CLIENT_REMOVED, .folder = self->selected, .uid = uid };
  if (uid != 0 && self->listed)
    wt_imap_client_push (self, &event, NULL);
}

static void
take_expunge (WtImapClient *self, guint64 number)
{
  if (number == 0 || number > self->mails->len)
    return;
  guint32 uid = g_array_index (self->mails, WtImapClientMail, number - 1).uid;
  g_array_remove_index (self->mails, number - 1);
  tell_removed (self, uid);
}

/* VANISHED (EARLIER) 3:7,9 (RFC 7162 3.2.10) */
static void
take_vanished (WtImapClient *self, WtImapScan *scan)
{
  WtImapToken token;
  WtImapSet set;
  gsize used;
  while (wt_imap_scan_next (scan, &token) && (token.type != IMAP_TOKEN_ATOM || wt_imap_token_is (scan, &token, "EARLIER")))
    ;
  wt_imap_set_init (&set);
  if (wt_imap_set_parse (&set, scan->bytes + token.text, token.text_end - token.text, &used))
    {
      guint kept = 0;
      wt_imap_set_resolve (&set, G_MAXUINT32);
      for (guint i = 0; i < self->mails->len; i++)
        {
          WtImapClientMail mail = g_array_index (self->mails, WtImapClientMail, i);
          if (mail.uid != 0 && wt_imap_set_has (&set, mail.uid))
            tell_removed (self, mail.uid);
          else
            g_array_index (self->mails, WtImapClientMail, kept++) = mail;
        }
      g_array_set_size (self->mails, kept);
    }
  wt_imap_set_clear (&set);
}

/* --- messages -------------------------------------------------------------------------------------------------------
 */

static guint32
read_flags (WtImapScan *scan)
{
  WtImapToken token;
  guint32 flags = 0;
  while (wt_imap_scan_next (scan, &token) && token.type != IMAP_TOKEN_CLOSE)
    if (token.type == IMAP_TOKEN_ATOM)
      flags |= wt_imap_flag_by_name ((const char *)scan->bytes + token.text, token.text_end - token.text);
  return flags & WT_IMAP_SYSTEM_FLAGS;
}

typedef struct
{
  guint32 uid, flags;
  gboolean has_flags;
  WtImapToken body;
} Fetched;

/* (FLAGS (\Seen) UID 7 BODY[] {12} ...) of what we ask for. */
static Fetched
read_fetch (WtImapScan *scan)
{
  Fetched got = { 0 };
  WtImapToken token;
  while (wt_imap_scan_next (scan, &token))
    if (wt_imap_token_is (scan, &token, "UID"))
      got.uid = next_number (scan);
    else if (wt_imap_token_is (scan, &token, "FLAGS"))
      {
        got.flags = read_flags (scan);
        got.has_flags = TRUE;
      }
    else if (wt_imap_token_is (scan, &token, "BODY[]"))
      wt_imap_scan_next (scan, &got.body);
  return got;
}

static void
take_flags (WtImapClient *self, WtImapClientMail *mail, guint32 flags)
{
  WtImapStep step = wt_imap_client_step (self);
  WtImapClientEvent event = {
    .type = WT_IMAP_CLIENT_FLAGS, .folder = self->selected, .uid = mail->uid, .flags = flags
  };
  gboolean is_new = step == WT_IMAP_STEP_NEWS && mail->uid >= self->news_from;
  gboolean changed = mail->flags != flags && mail->uid != 0 && self->listed;
  mail->flags = flags;
  if (is_new && self->arrived->len < WT_IMAP_CLIENT_MAILS_MAX)
    g_array_append_val (self->arrived, *mail);
  else if (!is_new && changed && step != WT_IMAP_STEP_LIST)
    wt_imap_client_push (self, &event, NULL);
}

static void
take_fetch (WtImapClient *self, guint64 number, WtImapScan *scan)
{
  Fetched got = read_fetch (scan);
  if (number == 0 || number > WT_IMAP_CLIENT_MAILS_MAX)
    return;
  if (number > self->mails->len)
    g_array_set_size (self->mails, number);
  WtImapClientMail *mail = &g_array_index (self->mails, WtImapClientMail, number - 1);
  if (got.uid != 0)
    mail->uid = got.uid;
  WtImapClientEvent event = { .type = WT_IMAP_CLIENT_MESSAGE, .folder = self->selected, .uid = mail->uid };
  if (got.has_flags)
    take_flags (self, mail, got.flags);
  if (wt_imap_client_step (self) != WT_IMAP_STEP_FETCH || event.uid == 0
      || (got.body.type != IMAP_TOKEN_LITERAL && got.body.type != IMAP_TOKEN_QUOTED))
    return;
  g_autofree char *quoted = got.body.type == IMAP_TOKEN_QUOTED ? token_string (scan, &got.body) : NULL;
  g_autoptr (GBytes) message = quoted ? g_bytes_new (quoted, strlen (quoted))
                                      : g_bytes_new (scan->bytes + got.body.text, got.body.text_end - got.body.text);
  event.bytes = message;
  wt_imap_client_push (self, &event, NULL);
}

/* --- folders --------------------------------------------------------------------------------------------------------
 */

static void
read_attributes (WtImapScan *scan, WtImapFolder *folder)
{
  static const struct
  {
    const char *name;
    WtImapUse use;
  } uses[] = { { "\\Archive", WT_IMAP_USE_ARCHIVE }, { "\\Drafts", WT_IMAP_USE_DRAFTS }, { "\\Junk", WT_IMAP_USE_JUNK },
               { "\\Sent", WT_IMAP_USE_SENT },       { "\\Trash", WT_IMAP_USE_TRASH } };
  WtImapToken token;
  while (wt_imap_scan_next (scan, &token) && token.type != IMAP_TOKEN_CLOSE)
    {
      if (wt_imap_token_is (scan, &token, "\\Noselect") || wt_imap_token_is (scan, &token, "\\NonExistent"))
        folder->exists = FALSE;
      folder->subscribed |= wt_imap_token_is (scan, &token, "\\Subscribed");
      folder->has_children |= wt_imap_token_is (scan, &token, "\\HasChildren");
      for (guint i = 0; i < G_N_ELEMENTS (uses); i++)
        if (wt_imap_token_is (scan, &token, uses[i].name))
          folder->use = uses[i].use;
    }
}

/* LIST (\HasNoChildren \Sent) "/" Sent */
static void
take_list (WtImapClient *self, WtImapScan *scan)
{
  WtImapFolder folder = { .exists = TRUE };
  WtImapToken open, separator, name;
  if (wt_imap_client_step (self) != WT_IMAP_STEP_FOLDERS || self->folders->len >= WT_IMAP_CLIENT_FOLDERS_MAX
      || !wt_imap_scan_next (scan, &open) || open.type != IMAP_TOKEN_OPEN)
    return;
  read_attributes (scan, &folder);
  if (!wt_imap_scan_next (scan, &separator) || !wt_imap_scan_next (scan, &name))
    return;
  g_autofree char *level = separator.type == IMAP_TOKEN_QUOTED ? token_string (scan, &separator) : g_strdup ("");
  self->separator = level[0];
  folder.name = token_folder (self, scan, &name);
  g_array_append_val (self->folders, folder);
}

/* STATUS INBOX (MESSAGES 3 UIDNEXT 4) */
static void
take_status (WtImapClient *self, WtImapScan *scan)
{
  WtImapFolderStatus status = { 0 };
  const struct
  {
    const char *name;
    guint32 *value;
  } items[] = { { "MESSAGES", &status.messages }, { "RECENT", &status.recent },   { "UNSEEN", &status.unseen },
                { "DELETED", &status.deleted },   { "UIDNEXT", &status.uid_next }, { "UIDVALIDITY", &status.uid_validity } };
  WtImapToken name, token;
  if (!wt_imap_scan_next (scan, &name))
    return;
  while (wt_imap_scan_next (scan, &token))
    for (guint i = 0; i < G_N_ELEMENTS (items); i++)
      if (wt_imap_token_is (scan, &token, items[i].name))
        {
          *items[i].value = next_number (scan);
          break;
        }
  g_autofree char *folder = token_folder (self, scan, &name);
  WtImapClientEvent event = { .type = WT_IMAP_CLIENT_STATUS, .folder = folder, .status = &status };
  wt_imap_client_push (self, &event, NULL);
}

/* --- all of it ------------------------------------------------------------------------------------------------------
 */

static gboolean
is_leaving (const WtImapClient *self)
{
  return wt_imap_client_step (self) == WT_IMAP_STEP_LOGOUT
         || (self->command && g_strcmp0 (self->command->input, "LOGOUT") == 0);
}

static void
take_numbered (WtImapClient *self, guint64 number, WtImapScan *scan)
{
  WtImapToken word;
  if (!wt_imap_scan_next (scan, &word))
    return;
  if (wt_imap_token_is (scan, &word, "FETCH"))
    take_fetch (self, number, scan);
  else if (wt_imap_token_is (scan, &word, "EXISTS"))
    take_exists (self, number);
  else if (wt_imap_token_is (scan, &word, "EXPUNGE"))
    take_expunge (self, number);
}

void
wt_imap_client_take_untagged (WtImapClient *self, WtImapScan *scan)
{
  static const struct
  {
    const char *word;
    void (*take) (WtImapClient *self, WtImapScan *scan);
  } kinds[] = {
    { "CAPABILITY", wt_imap_client_read_capabilities }, { "ENABLED", take_enabled }, { "LIST", take_list },
    { "STATUS", take_status },                          { "VANISHED", take_vanished },
  };
  WtImapToken word;
  guint64 number;
  if (!wt_imap_scan_next (scan, &word))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (wt_imap_token_is (scan, &word, kinds[i].word))
      {
        kinds[i].take (self, scan);
        return;
      }
  if (wt_imap_token_is (scan, &word, "BYE") && !is_leaving (self))
    {
      g_autofree char *text = wt_imap_client_status_text (scan);
      wt_imap_client_fail (self, text);
    }
  else if (wt_imap_token_is (scan, &word, "BAD") && wt_imap_client_step (self) == WT_IMAP_STEP_TYPED)
    wt_imap_client_command_over (self, FALSE, NULL); /* the server could read no tag in what was typed, RFC 9051 7.1.3 */
  else if (wt_imap_token_is (scan, &word, "OK") || wt_imap_token_is (scan, &word, "NO"))
    wt_imap_client_read_code (self, *scan);
  else if (read_number (scan, &word, &number))
    take_numbered (self, number, scan);
}
