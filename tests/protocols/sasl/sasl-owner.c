#include "sasl-owner.h"

#include <string.h>

static char *
password_of (const char *user, gpointer user_data)
{
  return strcmp (user, "alice") == 0 ? g_strdup ("secret") : NULL;
}

WtSaslResult
sasl_owner_step (WtSasl **sasl, const char *mechanism, const char *service, GBytes *input, GBytes **output)
{
  gsize n = 0;
  const guint8 *bytes = input ? g_bytes_get_data (input, &n) : NULL;
  *output = NULL;
  if (mechanism)
    {
      WtSaslMechanisms known = wt_sasl_mechanism (mechanism, strlen (mechanism));
      g_clear_pointer (sasl, wt_sasl_free);
      *sasl = wt_sasl_server_new (known, service, "mail.example.org", password_of, NULL);
      if (input == NULL && wt_sasl_client_speaks_first (known))
        return WT_SASL_CONTINUE;
    }
  return wt_sasl_step (*sasl, input && bytes == NULL ? (const guint8 *) "" : bytes, n, output);
}
