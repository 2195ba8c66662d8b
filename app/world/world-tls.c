/* Certificates of a world: the one that it was given, or one for each server, made when it is first shown. */
#include "app/world/world-private.h"

#include <string.h>

#define VALID_BEFORE (24 * 60 * 60)       /* seconds: clocks differ */
#define EXPIRED_SINCE (24 * 60 * 60)      /* seconds */
#define VALID_FOR (365 * 24 * 60 * 60)    /* seconds */
#define USEC_PER_SEC G_GINT64_CONSTANT (1000000)

/* What a server shows, and what a client of the same world trusts for it. */
typedef struct {
  WtTlsCredentials *server, *client;
} Made;

static void
made_free (gpointer data)
{
  Made *made = data;
  wt_tls_credentials_unref (made->server);
  wt_tls_credentials_unref (made->client);
  g_free (made);
}

/* What is wrong with a node's certificate. */
typedef struct {
  char *name; /* (nullable) */
  gboolean expired;
} Fault;

static void
fault_free (gpointer data)
{
  Fault *fault = data;
  g_free (fault->name);
  g_free (fault);
}

static const Fault *
fault_of (WtWorld *self, WtNode node)
{
  return self->faults ? g_hash_table_lookup (self->faults, GUINT_TO_POINTER (node)) : NULL;
}

void
wt_world_spoil_certificate (WtWorld *self, WtNode node, const char *name, gboolean expired)
{
  Fault *fault = g_new (Fault, 1);
  *fault = (Fault){ g_strdup (name), expired };
  if (self->faults == NULL)
    self->faults = g_hash_table_new_full (NULL, NULL, NULL, fault_free);
  g_hash_table_replace (self->faults, GUINT_TO_POINTER (node), fault);
}

/* In the simulated network signatures are of one length, so that runs are alike. */
static Made *
make (WtWorld *self, WtNode node, const char *name)
{
  const WtEntity *entity = wt_trace_entity (self->trace, node);
  g_autofree char *address = wt_address_to_string ((WtAddress){ wt_world_node_ip (self, node), 0 });
  gint64 now = wt_world_wall_time (self) / USEC_PER_SEC;
  const Fault *fault = fault_of (self, node);
  const char *names[] = { name, entity ? entity->name : address, address, NULL };
  const char *wrong[] = { fault ? fault->name : NULL, NULL };
  g_autoptr (GBytes) certificate = NULL, key = NULL;
  WtTlsCertificateRequest request = { .names = name && *name && *name != '[' ? names : names + 1,
                                      .key_type = self->live ? WT_TLS_KEY_ECDSA : WT_TLS_KEY_ED25519,
                                      .from = MAX (now - VALID_BEFORE, 0),
                                      .until = now + VALID_FOR };
  if (wrong[0])
    request.names = wrong;
  if (fault && fault->expired)
    {
      request.from = MAX (now - VALID_FOR, 0);
      request.until = MAX (now - EXPIRED_SINCE, 0);
    }
  Made *made = g_new0 (Made, 1);
  g_autoptr (GError) error = NULL;
  if (wt_tls_make_certificate (&request, &certificate, &key, &error))
    {
      made->server = wt_tls_credentials_new_server (certificate, key, &error);
      made->client = made->server ? wt_tls_credentials_new_client (certificate, &error) : NULL;
    }
  if (made->client == NULL)
    g_error ("%s: %s", request.names[0], error->message); /* GnuTLS without its algorithms: as without memory */
  return made;
}

static Made *
made_for (WtWorld *self, WtNode node, const char *name)
{
  if (self->certificates == NULL)
    self->certificates = g_hash_table_new_full (NULL, NULL, NULL, made_free);
  Made *made = g_hash_table_lookup (self->certificates, GUINT_TO_POINTER (node));
  if (made == NULL)
    {
      made = make (self, node, name);
      g_hash_table_insert (self->certificates, GUINT_TO_POINTER (node), made);
    }
  return made;
}

WtTlsCredentials *
wt_world_tls_server (WtWorld *self, WtNode node, const char *name)
{
  gboolean given = self->tls_server && fault_of (self, node) == NULL;
  return wt_tls_credentials_ref (given ? self->tls_server : made_for (self, node, name)->server);
}

WtTlsCredentials *
wt_world_tls_client (WtWorld *self, WtConn *conn, const WtConnTlsConfig *config)
{
  gboolean verify = config && config->verify;
  if (config && config->trusted)
    return wt_tls_credentials_ref (config->trusted);
  if (self->tls_client)
    return wt_tls_credentials_ref (self->tls_client);
  if (verify && conn->peer_is_ours && self->tls_server == NULL)
    return wt_tls_credentials_ref (made_for (self, conn->peer_node, config->name)->client);
  if (verify)
    return wt_tls_credentials_new_client (NULL, NULL);
  if (self->tls_nobody == NULL)
    {
      g_autoptr (GBytes) none = g_bytes_new_static ("", 0);
      self->tls_nobody = wt_tls_credentials_new_client (none, NULL);
    }
  return wt_tls_credentials_ref (self->tls_nobody);
}

void
wt_world_set_tls (WtWorld *self, WtTlsCredentials *server, WtTlsCredentials *client)
{
  wt_tls_credentials_unref (self->tls_server);
  wt_tls_credentials_unref (self->tls_client);
  self->tls_server = server ? wt_tls_credentials_ref (server) : NULL;
  self->tls_client = client ? wt_tls_credentials_ref (client) : NULL;
}

void
wt_world_set_key_log (WtWorld *self, WtTlsKeyLogFunc func, gpointer user_data)
{
  self->key_log = func;
  self->key_log_data = user_data;
}

void
wt_world_tls_clear (WtWorld *self)
{
  wt_world_set_tls (self, NULL, NULL);
  g_clear_pointer (&self->faults, g_hash_table_unref);
  g_clear_pointer (&self->tls_nobody, wt_tls_credentials_unref);
  g_clear_pointer (&self->certificates, g_hash_table_unref);
}
