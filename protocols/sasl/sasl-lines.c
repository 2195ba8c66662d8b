#include "protocols/sasl/sasl-lines.h"

#include <string.h>

struct _WtSaslLines {
  WtSasl *sasl;
  WtSaslMechanisms mechanism;
  gboolean begun, complete, failed;
};

WtSaslLines *
wt_sasl_lines_new (WtSaslMechanisms mechanism, const char *service, const char *user, const char *password)
{
  WtSaslLines *self = g_new0 (WtSaslLines, 1);
  self->mechanism = mechanism;
  self->sasl = wt_sasl_client_new (mechanism, service, "localhost", user, password);
  return self;
}

/* (transfer full) (nullable) */
static char *
step (WtSaslLines *self, const guint8 *bytes, gsize n_bytes)
{
  g_autoptr (GBytes) response = NULL;
  WtSaslResult result = self->failed ? WT_SASL_FAILED : wt_sasl_step (self->sasl, bytes, n_bytes, &response);
  self->begun = TRUE;
  self->failed = result == WT_SASL_FAILED;
  self->complete = result == WT_SASL_DONE;
  if (self->failed)
    return NULL;
  gsize size = 0;
  const guint8 *data = response ? g_bytes_get_data (response, &size) : NULL;
  return size > 0 ? g_base64_encode (data, size) : g_strdup ("");
}

char *
wt_sasl_lines_initial (WtSaslLines *self)
{
  if (self->begun || !wt_sasl_client_speaks_first (self->mechanism))
    return NULL;
  g_autofree char *text = step (self, NULL, 0);
  return text && *text == '\0' ? g_strdup ("=") : g_steal_pointer (&text);
}

char *
wt_sasl_lines_answer (WtSaslLines *self, const char *challenge, gsize n_bytes)
{
  g_autoptr (GBytes) decoded = wt_sasl_decode ((const guint8 *) challenge, n_bytes, FALSE);
  gsize size = 0;
  const guint8 *bytes = decoded ? g_bytes_get_data (decoded, &size) : NULL;
  if (decoded == NULL)
    return NULL;
  if (!self->begun && size == 0 && wt_sasl_client_speaks_first (self->mechanism))
    return step (self, NULL, 0); /* the server invites the initial response */
  return step (self, bytes, size);
}

gboolean
wt_sasl_lines_complete (const WtSaslLines *self)
{
  return self->complete;
}

WtSaslMechanisms
wt_sasl_lines_mechanism (const WtSaslLines *self)
{
  return self->mechanism;
}

void
wt_sasl_lines_free (WtSaslLines *self)
{
  if (self == NULL)
    return;
  wt_sasl_free (self->sasl);
  g_free (self);
}
