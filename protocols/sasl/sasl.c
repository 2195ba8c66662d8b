#include "protocols/sasl/sasl.h"

#include <gsasl.h>
#include <string.h>

/* Strongest first. */
static const struct {
  WtSaslMechanisms flag;
  const char *name;
  gboolean client_first;
} mechanisms[] = {
  { WT_SASL_SCRAM_SHA_256, "SCRAM-SHA-256", TRUE }, { WT_SASL_SCRAM_SHA_1, "SCRAM-SHA-1", TRUE },
  { WT_SASL_CRAM_MD5, "CRAM-MD5", FALSE },          { WT_SASL_PLAIN, "PLAIN", TRUE },
  { WT_SASL_LOGIN, "LOGIN", FALSE },
};

struct _WtSasl {
  Gsasl *context;
  Gsasl_session *session;
  WtSaslMechanisms mechanism;
  gboolean server;
  WtSaslPasswordFunc password_func;
  gpointer user_data;
  char *service, *hostname;
  char *user, *password; /* client: its own; server: who asks */
  gboolean malformed, over;
};

/* --- mechanisms --------------------------------------------------------------------------------------------------- */

WtSaslMechanisms
wt_sasl_mechanism (const char *name, gsize n_bytes)
{
  for (guint i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    if (strlen (mechanisms[i].name) == n_bytes && g_ascii_strncasecmp (mechanisms[i].name, name, n_bytes) == 0)
      return mechanisms[i].flag;
  return 0;
}

const char *
wt_sasl_mechanism_name (WtSaslMechanisms mechanism)
{
  for (guint i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    if (mechanisms[i].flag == mechanism)
      return mechanisms[i].name;
  return NULL;
}

char *
wt_sasl_mechanism_names (WtSaslMechanisms wanted)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    if (wanted & mechanisms[i].flag)
      g_string_append_printf (names, "%s%s", names->len > 0 ? " " : "", mechanisms[i].name);
  return g_string_free (names, FALSE);
}

WtSaslMechanisms
wt_sasl_mechanisms_read (const char *names)
{
  WtSaslMechanisms known = 0;

  while (*names != '\0')
    {
      gsize length = strcspn (names, " ");
      known |= wt_sasl_mechanism (names, length);
      names += length + strspn (names + length, " ");
    }
  return known;
}

WtSaslMechanisms
wt_sasl_best (WtSaslMechanisms offered)
{
  for (guint i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    if (offered & mechanisms[i].flag)
      return mechanisms[i].flag;
  return 0;
}

WtSaslMechanisms
wt_sasl_permitted (WtSaslMechanisms wanted, gboolean secured, gboolean allow_plaintext)
{
  return secured || allow_plaintext ? wanted : wanted & ~WT_SASL_PLAINTEXT;
}

gboolean
wt_sasl_client_speaks_first (WtSaslMechanisms mechanism)
{
  for (guint i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    if (mechanisms[i].flag == mechanism)
      return mechanisms[i].client_first;
  return FALSE;
}

/* --- what GNU SASL asks ------------------------------------------------------------------------------------------- */

static void
wipe (char **secret)
{
  if (*secret != NULL)
    explicit_bzero (*secret, strlen (*secret));
  g_clear_pointer (secret, g_free);
}

/* A server's: who asks is known by now. Nobody speaks for another (RFC 4616 2, RFC 5802 5.1 "a="). */
static int
look_up_password (WtSasl *self, Gsasl_session *session)
{
  const char *user = gsasl_property_fast (session, GSASL_AUTHID);
  const char *other = gsasl_property_fast (session, GSASL_AUTHZID);

  if (user == NULL || (other != NULL && *other != '\0' && strcmp (other, user) != 0))
    return GSASL_AUTHENTICATION_ERROR;
  g_free (self->user);
  self->user = g_strdup (user);
  wipe (&self->password);
  self->password = self->password_func (user, self->user_data);
  return self->password != NULL ? gsasl_property_set (session, GSASL_PASSWORD, self->password)
                                : GSASL_AUTHENTICATION_ERROR;
}

static int
answer (Gsasl *context, Gsasl_session *session, Gsasl_property property)
{
  WtSasl *self = gsasl_session_hook_get (session);

  if (self->server)
    return property == GSASL_PASSWORD ? look_up_password (self, session) : GSASL_NO_CALLBACK;
  switch (property)
    {
    case GSASL_AUTHID:
      return gsasl_property_set (session, property, self->user);
    case GSASL_PASSWORD:
      return gsasl_property_set (session, property, self->password);
    default:
      return GSASL_NO_CALLBACK;
    }
}

/* --- sessions ----------------------------------------------------------------------------------------------------- */

static WtSasl *
session_new (WtSaslMechanisms mechanism, const char *service, const char *hostname, gboolean server)
{
  WtSasl *self = g_new0 (WtSasl, 1);
  const char *name = wt_sasl_mechanism_name (mechanism);
  int result = gsasl_init (&self->context);

  self->mechanism = mechanism;
  self->server = server;
  self->service = g_strdup (service);
  self->hostname = g_strdup (hostname);
  if (result == GSASL_OK && name != NULL)
    {
      gsasl_callback_set (self->context, answer);
      result = server ? gsasl_server_start (self->context, name, &self->session)
                      : gsasl_client_start (self->context, name, &self->session);
    }
  if (result != GSASL_OK || self->session == NULL)
    {
      self->over = TRUE; /* every step fails */
      return self;
    }
  gsasl_session_hook_set (self->session, self);
  gsasl_property_set (self->session, GSASL_SERVICE, service);
  gsasl_property_set (self->session, GSASL_HOSTNAME, hostname);
  return self;
}

WtSasl *
wt_sasl_server_new (WtSaslMechanisms mechanism, const char *service, const char *hostname, WtSaslPasswordFunc password,
                    gpointer user_data)
{
  g_return_val_if_fail (password != NULL, NULL);
  WtSasl *self = session_new (mechanism, service, hostname, TRUE);
  self->password_func = password;
  self->user_data = user_data;
  return self;
}

WtSasl *
wt_sasl_client_new (WtSaslMechanisms mechanism, const char *service, const char *hostname, const char *user,
                    const char *password)
{
  g_return_val_if_fail (user != NULL && password != NULL, NULL);
  WtSasl *self = session_new (mechanism, service, hostname, FALSE);
  self->user = g_strdup (user);
  self->password = g_strdup (password);
  return self;
}

/* Words in the message that this mechanism does not have, or the user is wrong? The reply is not the same. */
static gboolean
is_syntax (int result)
{
  return result == GSASL_MECHANISM_PARSE_ERROR || result == GSASL_SASLPREP_ERROR;
}

WtSaslResult
wt_sasl_step (WtSasl *self, const guint8 *bytes, gsize n_bytes, GBytes **output)
{
  g_return_val_if_fail (self != NULL && output != NULL, WT_SASL_FAILED);
  char *out = NULL;
  size_t n_out = 0;

  *output = NULL;
  if (self->over)
    return WT_SASL_FAILED;
  if (self->server && self->mechanism == WT_SASL_PLAIN && bytes != NULL && n_bytes == 0)
    {
      self->over = self->malformed = TRUE; /* GNU SASL would ask again, and again */
      return WT_SASL_FAILED;
    }
  int result = gsasl_step (self->session, (const char *)bytes, n_bytes, &out, &n_out);
  self->over = result != GSASL_NEEDS_MORE;
  self->malformed = is_syntax (result);
  if (result != GSASL_OK && result != GSASL_NEEDS_MORE)
    {
      gsasl_free (out);
      return WT_SASL_FAILED;
    }
  if (out != NULL && (n_out > 0 || result == GSASL_NEEDS_MORE))
    *output = g_bytes_new (out, n_out);
  gsasl_free (out);
  return result == GSASL_OK ? WT_SASL_DONE : WT_SASL_CONTINUE;
}

const char *
wt_sasl_user (const WtSasl *self)
{
  return self->user;
}

gboolean
wt_sasl_malformed (const WtSasl *self)
{
  return self->malformed;
}

void
wt_sasl_free (WtSasl *self)
{
  if (self == NULL)
    return;
  if (self->session != NULL)
    gsasl_finish (self->session);
  if (self->context != NULL)
    gsasl_done (self->context);
  wipe (&self->password);
  g_free (self->user);
  g_free (self->service);
  g_free (self->hostname);
  g_free (self);
}

/* --- base64 ------------------------------------------------------------------------------------------------------- */

GBytes *
wt_sasl_decode (const guint8 *text, gsize n_text, gboolean initial)
{
  static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  gsize n_digits = 0, n_bytes;

  if (initial && n_text == 1 && text[0] == '=')
    return g_bytes_new_static ("", 0);
  while (n_digits < n_text && text[n_digits] != '\0' && strchr (alphabet, text[n_digits]) != NULL)
    n_digits++;
  gsize padding = n_text - n_digits;
  if (n_text % 4 != 0 || padding > 2)
    return NULL;
  for (gsize i = n_digits; i < n_text; i++)
    if (text[i] != '=')
      return NULL;
  if (n_text == 0)
    return g_bytes_new_static ("", 0);
  g_autofree char *terminated = g_strndup ((const char *)text, n_text);
  guint8 *bytes = g_base64_decode (terminated, &n_bytes);
  return g_bytes_new_take (bytes, n_bytes);
}
