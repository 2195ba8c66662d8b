/* What the responses mean: from the listing over the messages to the end, and of what a person typed. */
#include "protocols/pop3/pop3-client-private.h"

#include <glib/gi18n.h>
#include <string.h>

typedef void (*StepFunc) (WtPop3Client *self, const WtPop3Pending *awaited, const WtPop3Response *response);

/* --- what there is ------------------------------------------------------------------------------------------------ */

/* "NUMBER VALUE" lines. `take` gets each; FALSE: it is not what a server says. */
static gboolean
each_line (WtPop3Client *self, const WtPop3Response *response,
           gboolean (*take) (WtPop3Client *self, guint64 number, const char *value))
{
  g_autofree char *text = g_strndup ((const char *) response->lines, response->n_lines);
  g_auto (GStrv) lines = g_strsplit (text, "\r\n", -1);
  for (char **line = lines; *line; line++)
    {
      char *end;
      guint64 number = g_ascii_strtoull (*line, &end, 10);
      if (**line && (*end != ' ' || number == 0 || number > WT_POP3_MAILS_MAX || !take (self, number, end + 1)))
        return FALSE;
    }
  return TRUE;
}

/* Numbers are given in order, without gaps, at the start of a session (RFC 1939 5). */
static gboolean
take_size (WtPop3Client *self, guint64 number, const char *value)
{
  WtPop3Mail mail = { g_ascii_strtoull (value, NULL, 10), g_strdup ("") };
  gboolean in_order = number == self->mails->len + 1 && g_ascii_isdigit (*value);
  if (in_order)
    g_array_append_val (self->mails, mail);
  else
    g_free (mail.uid);
  return in_order;
}

static gboolean
take_uid (WtPop3Client *self, guint64 number, const char *value)
{
  if (number > self->mails->len)
    return FALSE;
  WtPop3Mail *mail = &g_array_index (self->mails, WtPop3Mail, number - 1);
  g_free (mail->uid);
  mail->uid = g_utf8_make_valid (value, MIN (strlen (value), 1000));
  return TRUE;
}

static void
listed (WtPop3Client *self)
{
  WtPop3ClientEvent event = { .type = WT_POP3_CLIENT_LISTED,
                              .mails = (const WtPop3Mail *) self->mails->data,
                              .n_mails = self->mails->len };
  wt_pop3_client_push (self, &event, NULL, NULL);
}

void
wt_pop3_client_logged_in (WtPop3Client *self)
{
  wt_pop3_client_command (self, WT_POP3_STEP_LIST, "LIST", 0, "LIST");
}

static void
list_replied (WtPop3Client *self, const WtPop3Pending *awaited, const WtPop3Response *response)
{
  if (!response->ok || !each_line (self, response, take_size))
    wt_pop3_client_fail (self, response->ok ? N_ ("The server's list cannot be read") : response->text);
  else if (self->mails->len > 0 && self->offered & self->config.use & WT_POP3_CAP_UIDL)
    wt_pop3_client_command (self, WT_POP3_STEP_UIDL, "UIDL", 0, "UIDL");
  else
    listed (self);
}

static void
uidl_replied (WtPop3Client *self, const WtPop3Pending *awaited, const WtPop3Response *response)
{
  if (response->ok && !each_line (self, response, take_uid))
    wt_pop3_client_fail (self, N_ ("The server's list of unique-ids cannot be read"));
  else
    listed (self);
}

/* --- messages ----------------------------------------------------------------------------------------------------- */

static void
retr_replied (WtPop3Client *self, const WtPop3Pending *awaited, const WtPop3Response *response)
{
  WtPop3ClientEvent event = { .type = WT_POP3_CLIENT_MESSAGE, .mail = awaited->mail };
  g_autoptr (GBytes) message = response->ok ? wt_dot_text_unstuff (response->lines, response->n_lines) : NULL;
  wt_pop3_client_push (self, &event, message, response->ok ? NULL : response->text);
}

static void
dele_replied (WtPop3Client *self, const WtPop3Pending *awaited, const WtPop3Response *response)
{
  WtPop3ClientEvent event = { .type = WT_POP3_CLIENT_REMOVED, .mail = awaited->mail };
  if (response->ok)
    wt_pop3_client_push (self, &event, NULL, NULL);
}

static void
quit_replied (WtPop3Client *self, const WtPop3Pending *awaited, const WtPop3Response *response)
{
  WtPop3ClientEvent event = { .type = WT_POP3_CLIENT_DONE };
  wt_pop3_client_move (self, "QUIT");
  wt_pop3_client_move (self, response->ok ? "maildrop updated" : "update failed");
  if (!self->failed)
    wt_pop3_client_push (self, &event, NULL, response->ok ? NULL : response->text);
  wt_pop3_client_close_now (self);
}

/* --- typed -------------------------------------------------------------------------------------------------------- */

const char *
wt_pop3_client_input_of (const char *line)
{
  gsize length = strcspn (line, " ");
  for (guint i = 0; i < wt_pop3_states.n_transitions; i++)
    {
      const char *input = wt_pop3_states.transitions[i].input;
      if (g_ascii_isupper (input[0]) && strlen (input) == length && g_ascii_strncasecmp (input, line, length) == 0)
        return input;
    }
  return NULL;
}

static void
typed_replied (WtPop3Client *self, const WtPop3Pending *awaited, const WtPop3Response *response)
{
  if (g_strcmp0 (awaited->input, "STLS") == 0)
    {
      wt_pop3_client_stls_replied (self, awaited, response);
      return;
    }
  if (g_strcmp0 (awaited->input, "CAPA") == 0 && response->ok)
    wt_pop3_client_read_offer (self, response);
  gboolean auth = self->state == WT_POP3_STATE_AUTH || g_strcmp0 (awaited->input, "AUTH") == 0;
  self->challenged = auth && response->challenge;
  if (auth && (response->challenge || self->state == WT_POP3_STATE_AUTH))
    wt_pop3_client_move (self, response->challenge ? "AUTH" : response->ok ? "authenticated" : "login refused");
  else if (!response->ok)
    wt_pop3_client_move (self, g_strcmp0 (awaited->input, "PASS") == 0 ? "login refused" : NULL);
  else if (awaited->lines == WT_CONTEXT_REPLY || !auth)
    wt_pop3_client_move (self, awaited->input);
  if (g_strcmp0 (awaited->input, "QUIT") == 0)
    {
      wt_pop3_client_move (self, response->ok ? "maildrop updated" : "update failed");
      wt_pop3_client_close_now (self);
    }
}

void
wt_pop3_client_replied (WtPop3Client *self, const WtPop3Pending *awaited, const WtPop3Response *response)
{
  static const StepFunc steps[WT_POP3_N_STEPS] = {
    [WT_POP3_STEP_GREETING] = wt_pop3_client_greeted,
    [WT_POP3_STEP_CAPA] = wt_pop3_client_capa_replied,
    [WT_POP3_STEP_STLS] = wt_pop3_client_stls_replied,
    [WT_POP3_STEP_AUTH] = wt_pop3_client_auth_replied,
    [WT_POP3_STEP_USER] = wt_pop3_client_user_replied,
    [WT_POP3_STEP_LOGIN] = wt_pop3_client_login_replied,
    [WT_POP3_STEP_LIST] = list_replied,
    [WT_POP3_STEP_UIDL] = uidl_replied,
    [WT_POP3_STEP_RETR] = retr_replied,
    [WT_POP3_STEP_DELE] = dele_replied,
    [WT_POP3_STEP_QUIT] = quit_replied,
    [WT_POP3_STEP_TYPED] = typed_replied,
  };
  steps[awaited->step](self, awaited, response);
}
