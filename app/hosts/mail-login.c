/* Who may read which mailbox. */
#include "app/hosts/incoming.h"

#include <string.h>

const WtMailUser *
wt_mail_login_user (WtMailServer *self, const char *name)
{
  const char *at = strrchr (name, '@');
  if (at == NULL)
    return wt_mail_settings_user (self->settings, name);
  if (!wt_mail_settings_is_local (self->settings, at + 1))
    return NULL;
  g_autofree char *local = g_strndup (name, at - name);
  return wt_mail_settings_user (self->settings, local);
}

/* As long for a wrong password as for a right one, whatever part of it is right. */
static gboolean
equal (const char *a, const char *b)
{
  gsize n_a = strlen (a), n_b = strlen (b);
  guint different = n_a != n_b;
  for (gsize i = 0; i < n_a; i++)
    different |= (guchar) a[i] ^ (guchar) (i < n_b ? b[i] : 0);
  return different == 0;
}

const WtMailUser *
wt_mail_login (WtMailServer *self, const char *name, const char *password)
{
  const WtMailUser *user = wt_mail_login_user (self, name);
  return user && equal (password, user->password) ? user : NULL;
}

WtMailAccount *
wt_incoming_open_account (WtIncoming *self, const WtMailUser *user)
{
  const WtMailServer *server = self->server;
  return wt_mail_account_new (server->store, server->name, user->name, wt_conn_entity (self->conn));
}

WtSaslResult
wt_incoming_sasl_step (WtIncoming *self, WtSasl **sasl, const char *mechanism, GBytes *input, GBytes **output)
{
  WtMailServer *server = self->server;
  *output = NULL;
  if (mechanism)
    {
      WtSaslMechanisms known = wt_sasl_mechanism (mechanism, strlen (mechanism));
      g_clear_pointer (sasl, wt_sasl_free);
      *sasl = wt_sasl_server_new (known, self->incoming_class->sasl_service, server->settings->hostname,
                                  wt_mail_policy_password, server);
      if (input == NULL && wt_sasl_client_speaks_first (known))
        return WT_SASL_CONTINUE; /* an empty challenge asks for the first response */
    }
  gsize n_bytes = 0;
  const guint8 *bytes = input ? g_bytes_get_data (input, &n_bytes) : NULL;
  if (input && bytes == NULL)
    bytes = (const guint8 *) ""; /* an empty response is one all the same */
  return wt_sasl_step (*sasl, bytes, n_bytes, output);
}
